# Two commands matter: `make conformance` measures the newest TensorFlow, `make test` tests this project.
# Both need only Python 3.10 or newer, and the network for the first run.

PYTHON ?= python3
# tensorflow-cpu is the same code as tensorflow in a third of the download.
TENSORFLOW ?= tensorflow-cpu
# Which interpreters the newest TensorFlow has wheels for; uv finds one, or downloads it.
TENSORFLOW_PYTHON ?= >=3.10,<3.14

# These environments are built here, without bytecode: not kept, it is made anew by each process that imports.
unexport PYTHONDONTWRITEBYTECODE

TOOL := .venv/bin
UV := $(TOOL)/uv
NEWEST := .columns/newest/bin/python
OLDER := .columns/tf2.15/bin/python

.PHONY: help conformance test lint unit cases browser matrix certify mutants zoo mutate locks bench newest nightly tool clean

# What follows a target behind ## is what `make help` says of it.
help:  ## say what each target does
	@sed -nE 's/^([a-z]+):[^#]*## (.*)/\1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{ printf "make %-12s %s\n", $$1, $$2 }'

conformance: newest  ## install the newest TensorFlow here, check every claim, print the table
	$(NEWEST) -m pytest conformance --measure
	$(TOOL)/python -m conformance describe

test: lint cases unit  ## test this project itself; at its end stands what was skipped, and why

lint: .venv/ready  ## style, types, and which room may import which
	$(TOOL)/ruff check .
	$(TOOL)/ruff format --check .
	$(TOOL)/lint-imports --no-logo
	$(TOOL)/python .ci/compile-beside
	$(TOOL)/mypy

unit: .venv/ready  ## this project's own tests, without a TensorFlow
	$(TOOL)/python -m pytest conformance/tests -n auto --timeout 300 -rs

# In one process, where every case meets what those before it left behind; on 2.15 in several.
cases: newest .columns/tf2.15/ready  ## the cases on the newest TensorFlow and on 2.15
	$(NEWEST) -m pytest conformance --measure -n 1
	$(OLDER) -m pytest conformance --measure

# Without it the tests of the page skip, and say so.
browser:  ## install what the tests of the page need, where it can be had
	command -v chromium || command -v google-chrome || apt-get install --yes --no-install-recommends chromium
	npm install --prefix .browser --no-audit --no-fund --no-save axe-core@4

matrix: .venv/ready  ## measure all columns, or COLUMNS="tf2.0 tf2.15", and make the reports
	$(TOOL)/python -m conformance run $(COLUMNS)
	$(TOOL)/python -m conformance report

certify: .venv/ready  ## measure them once more, in reverse order: is every word the same?
	$(TOOL)/python -m conformance certify $(COLUMNS)

mutants: .venv/ready  ## break TensorFlow on purpose: which cases notice?
	$(TOOL)/python -m conformance mutants

zoo: .venv/ready  ## audit models with a known fault in all columns, or COLUMNS="tf2.0 tf2.15", and under mutants
	$(TOOL)/python -m conformance zoo $(COLUMNS)
	$(TOOL)/python -m conformance zoo --mutants $(COLUMNS)

mutate: .venv/ready  ## break what measures and judges, a line at a time: do its tests notice?
	rm -rf mutants  # it would keep what it found with earlier tests
	$(TOOL)/mutmut run --max-children 1
	$(TOOL)/mutmut results

locks: .venv/ready  ## resolve the columns' exact versions anew
	$(TOOL)/python -m conformance lock $(COLUMNS)

bench: newest  ## what the suite costs beside a bare `import tensorflow`
	$(TOOL)/python -m conformance.bench $(NEWEST)

# Not a column of the matrix. What is not as pinned, `drift` tells.
nightly: .venv/ready  ## measure tonight's TensorFlow and Keras
	$(UV) venv --quiet --clear --python '$(TENSORFLOW_PYTHON)' .columns/nightly
	$(UV) pip install --python .columns/nightly/bin/python --prerelease allow tf-nightly keras-nightly -r pyproject.toml
	rm -f reports/local/nightly.json
	.columns/nightly/bin/python -m pytest conformance --measure --column nightly

tool: .venv/ready  ## install what reads results: enough for `.venv/bin/python -m conformance`

newest: .venv/ready  ## install the newest TensorFlow in .columns/newest
	$(UV) venv --quiet --allow-existing --python '$(TENSORFLOW_PYTHON)' .columns/newest
	$(UV) pip install --python $(NEWEST) --upgrade $(TENSORFLOW) -r pyproject.toml

.columns/tf2.15/ready: .venv/ready
	$(UV) venv --quiet --allow-existing --python '>=3.9,<3.12' .columns/tf2.15
	$(UV) pip install --python $(OLDER) tensorflow-cpu==2.15.1 -r pyproject.toml
	touch $@

.venv/ready: pyproject.toml
	$(PYTHON) -m venv .venv
	$(TOOL)/python -m pip install --quiet --upgrade uv
	$(UV) pip install --quiet --python $(TOOL)/python -r pyproject.toml --extra tool --group dev
	touch $@

clean:  ## remove every environment and what was measured here
	rm -rf .venv .columns mutants reports/local
