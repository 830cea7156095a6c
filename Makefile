# Two commands matter: `make conformance` measures the newest TensorFlow, `make test` tests this project.
# Both need only Python 3.10 or newer, and the network for the first run.

PYTHON ?= python3
# tensorflow-cpu is the same code as tensorflow in a third of the download.
TENSORFLOW ?= tensorflow-cpu
# Which interpreters the newest TensorFlow has wheels for; uv finds one, or downloads it.
TENSORFLOW_PYTHON ?= >=3.10,<3.14

TOOL := .venv/bin
UV := $(TOOL)/uv
NEWEST := .columns/newest/bin/python
OLDER := .columns/tf2.15/bin/python

.PHONY: conformance test lint unit cases browser matrix certify mutants mutate locks bench newest nightly tool clean

conformance: newest
	$(NEWEST) -m pytest conformance --measure
	$(TOOL)/python -m conformance describe

test: lint unit cases

lint: .venv/ready
	$(TOOL)/ruff check .
	$(TOOL)/ruff format --check .
	$(TOOL)/lint-imports --no-logo
	$(TOOL)/python .ci/compile-beside
	$(TOOL)/mypy

unit: .venv/ready
	$(TOOL)/python -m pytest conformance/tests -n auto --timeout 300

cases: newest .columns/tf2.15/ready
	$(NEWEST) -m pytest conformance --measure
	$(OLDER) -m pytest conformance --measure

# What the tests of the page need, where it can be had; without it they skip, and say so.
browser:
	command -v chromium || command -v google-chrome || apt-get install --yes --no-install-recommends chromium
	npm install --prefix .browser --no-audit --no-fund --no-save axe-core@4

# All columns, or some: make matrix COLUMNS="tf2.0 tf2.15".
matrix: .venv/ready
	$(TOOL)/python -m conformance run $(COLUMNS)
	$(TOOL)/python -m conformance report

# The same columns once more, in fresh processes and in reverse order: is every word the same?
certify: .venv/ready
	$(TOOL)/python -m conformance certify $(COLUMNS)

# TensorFlow broken on purpose, in one column of each flavour: which cases notice?
mutants: .venv/ready
	$(TOOL)/python -m conformance mutants

# What measures and judges broken on purpose, a line at a time: do its tests notice?
mutate: .venv/ready
	rm -rf mutants  # it would keep what it found with earlier tests
	$(TOOL)/mutmut run --max-children 1
	$(TOOL)/mutmut results

locks: .venv/ready
	$(TOOL)/python -m conformance lock $(COLUMNS)

bench: newest
	$(TOOL)/python -m conformance.bench $(NEWEST)

# Tonight's TensorFlow and Keras: not a column of the matrix. What is not as pinned, `drift` tells.
nightly: .venv/ready
	$(UV) venv --quiet --clear --python '$(TENSORFLOW_PYTHON)' .columns/nightly
	$(UV) pip install --python .columns/nightly/bin/python --prerelease allow tf-nightly keras-nightly --group beside
	rm -f reports/local/nightly.json
	.columns/nightly/bin/python -m pytest conformance --measure --column nightly

# What reads results, without a TensorFlow: enough for `.venv/bin/python -m conformance`.
tool: .venv/ready

newest: .venv/ready
	$(UV) venv --quiet --allow-existing --python '$(TENSORFLOW_PYTHON)' .columns/newest
	$(UV) pip install --python $(NEWEST) --upgrade $(TENSORFLOW) --group beside

.columns/tf2.15/ready: .venv/ready
	$(UV) venv --quiet --allow-existing --python '>=3.9,<3.12' .columns/tf2.15
	$(UV) pip install --python $(OLDER) tensorflow-cpu==2.15.1 --group beside
	touch $@

.venv/ready: pyproject.toml
	$(PYTHON) -m venv .venv
	$(TOOL)/python -m pip install --quiet --upgrade uv
	$(UV) pip install --quiet --python $(TOOL)/python --group tool --group dev
	touch $@

clean:
	rm -rf .venv .columns mutants reports/local
