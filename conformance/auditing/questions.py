"""All questions, one after the other: one that raises, or hangs, is a line, and the others go on."""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import logging
import warnings
from typing import Any, Callable, Dict, Iterable, Iterator, List, Sequence

from conformance.auditing import blame, changing, experiments, gradients, judging, remedies, returning
from conformance.auditing.experiments import Question
from conformance.auditing.findings import Finding, not_applicable, unanswered
from conformance.auditing.loading import SubjectError
from conformance.auditing.waiting import within
from conformance.measuring import installed
from conformance.measuring.observation import NeverReturns, NotApplicable
from conformance.pins import pins
from conformance.words import Outcome

Build = Callable[[], Any]
Asked = Callable[[], Iterable[Finding]]
#: How many steps, each of a new model, must leave weights alone that a gradient reaches: some layers leave a
#: branch out at random, and what is in it with that.
_DRAWS = 3


class Audit:
    """The questions that one model is asked. `limit` is how many seconds each may take."""

    def __init__(self, build: Build, limit: int = 120) -> None:
        self._build, self._limit = build, limit

    def questions(self) -> Dict[str, Asked]:
        """Return what can be asked, by name."""
        asked: Dict[str, Asked] = {
            question.name: functools.partial(self._used, question) for question in experiments.QUESTIONS
        }
        asked["flags"] = lambda: changing.reached(self._build, self._batch())
        asked["after compile()"] = lambda: changing.after_compile(self._build, self._batch())
        for name in returning.ROUTES:
            asked[name] = functools.partial(self._returned, name)
        return asked

    @functools.lru_cache(maxsize=None)  # noqa: B019 - an audit lives as long as its process
    def answer(self, name: str) -> Sequence[Finding]:
        """Return what one question finds, each with the pin that explains it. Raises SubjectError."""
        self.prepare()
        with _quietly():
            found = _explained(self._answers(name, self.questions()[name]))
            return tuple(dataclasses.replace(one, asked=name) for one in found)

    @functools.lru_cache(maxsize=None)  # noqa: B019
    def prepare(self) -> None:
        """Start TensorFlow, and build the model once. Raises SubjectError for what cannot be asked."""
        installed.wake()
        with _quietly():
            self._guard("build()", self._batch)

    def _guard(self, name: str, ask: Callable[[], Any]) -> None:
        try:
            with within(self._limit, name), installed.fresh():
                ask()
        except SubjectError:
            raise
        except (NeverReturns, NotApplicable) as error:
            raise SubjectError(str(error)) from None
        except Exception as error:
            raise SubjectError(f"the model cannot be called: {blame.said(error)}") from None

    def _answers(self, name: str, ask: Asked) -> List[Finding]:
        try:
            with within(self._limit, name), installed.fresh():
                return list(ask())
        except NotApplicable as error:
            return [not_applicable(name, "", "", str(error))]
        except SubjectError as error:
            return [unanswered(name, Outcome.ERROR, str(error))]
        except NeverReturns as error:
            return [unanswered(name, Outcome.TIMED_OUT, str(error))]
        except Exception as error:
            return [unanswered(name, Outcome.ERROR, f"{blame.whose(error)}: {blame.said(error)}")]

    def _used(self, question: Question) -> Iterator[Finding]:
        seen = experiments.ask(self._build, question, self._batch())
        due = self._due() if question.trains and judging.stayed_put(seen) else set()
        for draw in range(1, _DRAWS):
            if not due & judging.unmoved(seen):
                break
            due = due & judging.unmoved(experiments.ask(self._build, question, self._batch(), draw))
        return judging.findings(seen, due)

    def _returned(self, name: str) -> Iterator[Finding]:
        return returning.returned(self._build, self._batch(), name)

    @functools.lru_cache(maxsize=None)  # noqa: B019
    def _batch(self) -> experiments.Batch:
        return experiments.batch(self._build)

    @functools.lru_cache(maxsize=None)  # noqa: B019
    def _due(self) -> judging.Due:
        return gradients.due(self._build, self._batch())


@contextlib.contextmanager
def _quietly() -> Iterator[None]:
    """Let nothing warn of many models in one process."""
    logger = logging.getLogger("tensorflow")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.setLevel(level)


def _explained(found: Iterable[Finding]) -> Iterator[Finding]:
    """Return findings, each with the pin of the case of the same situation, and what to write instead."""
    column = installed.column()
    here = [pin for pin in pins.read() if pin.applies(column)]
    for finding in found:
        if finding.outcome is not Outcome.DEVIATES:
            yield finding
            continue
        known = (pin for pin in here if finding.case and pin.word(finding.case) == finding.word)
        pin = next(known, None)
        if pin is None:
            yield dataclasses.replace(finding, remedies=remedies.of_alarm(finding.alarm, column))
        else:
            write = remedies.of_pin(pin.remedies, finding.claim, column) or tuple(
                filter(None, [pin.no_remedy])
            )
            yield dataclasses.replace(finding, pin=pin.id, reason=pin.reason, remedies=write)
