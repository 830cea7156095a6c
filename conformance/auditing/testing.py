"""A model of one's own in one's own tests: a case of pytest for each layer and claim.

    @parametrize_with_claims(build, expected={"frozen/weights-are-not-updated[head]": "tied, on purpose"})
    def test_my_model(check):
        check()

Nothing is asked before a case runs, and nothing twice in a process.
"""

from __future__ import annotations

import dataclasses
import difflib
import os
from typing import Any, Callable, Dict, List, Mapping, NoReturn, Optional, Sequence, Tuple, Union

import pytest

from conformance.auditing.loading import SubjectError
from conformance.claims import CLAIMS, claims_matching
from conformance.legible import legible
from conformance.measuring import settings
from conformance.words import Outcome

Build = Callable[[], Any]


def parametrize_with_claims(
    build: Build,
    claims: Union[str, Sequence[str]] = (),
    expected: Optional[Mapping[str, str]] = None,
    limit: int = 120,
) -> Any:
    """Return a decorator for a test function, which gets `check` and is to call it, once for each case.

    A case is one claim about one layer of what `build()` returns, as `claim[path.of.the[layer]]`; `claims`
    chooses some, ids or families. `expected` has the cases that deviate and shall, each with the reason: one
    that holds fails, and so does a case that there is not. `limit` is how many seconds a question may take.
    """
    chosen = _chosen(claims)
    known = dict(expected or {})
    wrong = [case for case in known if case.split("[")[0] not in CLAIMS]
    if wrong:
        pytest.fail(f"expected: {legible(wrong[0])}: there is no such claim", pytrace=False)
    try:
        checks = _checks(build, chosen, known, limit)
    except SubjectError as error:
        checks = [Broken("build", str(error))]
    except ImportError as error:
        checks = [Broken("build", f"no TensorFlow that can be imported ({error})")]
    return marked(checks)


def marked(checks: Sequence[Any]) -> Any:
    """Return the decorator that makes a case of each check."""
    return pytest.mark.parametrize("check", [pytest.param(check, id=check.id) for check in checks])


def _chosen(claims: Union[str, Sequence[str]]) -> Sequence[str]:
    """Return the ids of claims that were chosen, all without any."""
    wanted = claims if isinstance(claims, str) else ",".join(claims)
    try:
        found = claims_matching(wanted)
    except KeyError as error:
        pytest.fail(f"claims: no claim or family is called {error}", pytrace=False)
    return found or tuple(CLAIMS)


def _checks(build: Build, claims: Sequence[str], expected: Mapping[str, str], limit: int) -> List[Any]:
    obstacle = settings.obstacle(os.environ)
    if obstacle:
        return [Broken("build", obstacle)]
    from conformance.auditing import listing
    from conformance.auditing.questions import Audit

    audit = Audit(build, limit)
    return checks_of(audit, listing.listed(build, claims), listing.questions, claims, expected)


def checks_of(
    audit: Any,
    listed: Sequence[Tuple[str, str]],
    questions: Callable[[str], Sequence[str]],
    claims: Sequence[str],
    expected: Mapping[str, str],
) -> List[Any]:
    """Return a check for each claim and layer, and one that fails for each of `expected` that is none."""
    checks: Dict[str, Any] = {}
    for claim, layer in listed:
        case = f"{claim}[{layer}]"
        checks[case] = Check(legible(case), claim, layer, expected.get(case, ""), questions(claim), audit)
    for case in expected:
        if case not in checks and case.split("[")[0] in claims:
            near = ", ".join(difflib.get_close_matches(case, checks, 3)) or "none"
            said = f"it is expected to deviate, and is no case of this model; nearest: {near}"
            checks[case] = Broken(f"expected-{legible(case)}", said)
    return list(checks.values())


@dataclasses.dataclass(frozen=True)
class Broken:
    """What cannot be asked: it fails, and says why in a line."""

    id: str
    reason: str

    def __call__(self) -> NoReturn:
        """Fail."""
        pytest.fail(legible(f"{self.id}: {self.reason}", 1000), pytrace=False)


@dataclasses.dataclass(frozen=True)
class Check:
    """One claim about one layer. `expected` is why it deviates, empty where it shall hold."""

    id: str
    claim: str
    layer: str
    expected: str
    questions: Sequence[str]
    audit: Any

    def __call__(self) -> None:
        """Ask, and pass, fail, skip or xfail as the answers are. A deviation outweighs a missing answer."""
        try:
            answers = [one for name in self.questions for one in self.audit.answer(name)]
        except SubjectError as error:
            pytest.fail(str(error), pytrace=False)
        found = [one for one in answers if one.layer == self.layer and one.claim == self.claim]
        deviating = [one for one in found if one.outcome is Outcome.DEVIATES]
        lost = [one for one in answers if one.outcome not in _ANSWERS]
        if deviating:
            self._deviates(deviating)
        elif lost:
            pytest.fail(f"no answer in {lost[0].question}: {lost[0].reason}", pytrace=False)
        elif not found:
            pytest.skip(self._why_not(answers))
        elif self.expected:
            said = f"it holds, and is expected to deviate ({self.expected}): take it out of `expected`"
            pytest.fail(legible(said, 1000), pytrace=False)

    def _deviates(self, deviating: Sequence[Any]) -> NoReturn:
        from conformance.auditing import findings, showing

        if self.expected:
            pytest.xfail(self.expected)
        said = [
            "; ".join(filter(None, (f"{row.layer}: {row.said}", row.where, row.why)))
            for row in showing.rows(deviating)
        ]
        if all(findings.is_known(one) for one in deviating):
            pytest.xfail(legible(said[0], 1000))
        pytest.fail("\n".join(legible(line, 1000) for line in said), pytrace=False)

    def _why_not(self, answers: Sequence[Any]) -> str:
        """Return why there is no answer about this layer: what was said of it, or of a whole question."""
        reasons = [one.reason for one in answers if one.outcome is Outcome.NOT_APPLICABLE]
        here = [one.reason for one in answers if one.layer == self.layer and one.reason in reasons]
        return legible((here + reasons + ["nothing in this model asks it"])[0], 1000)


_ANSWERS = (Outcome.HOLDS, Outcome.DEVIATES, Outcome.NOT_APPLICABLE)
