"""How a test function says which claim it checks, and what a case is called."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any, Mapping, Optional, Sequence, Tuple, Union

import pytest

from conformance.claims import claim as claim_named
from conformance.words import Word, is_in_vocabulary

#: In place of a list of core situations: every situation of this function is one.
ALL = "all"


@dataclasses.dataclass(frozen=True)
class Case:
    """One parametrized pytest item: one claim in one situation."""

    id: str
    claim: str
    expects: Tuple[str, ...]
    core: bool
    given: Tuple[str, ...] = ()
    #: The module of cases that it stands in: `dropout` is `cases/test_dropout.py`.
    module: str = ""

    @property
    def expected(self) -> str:
        """The word that the claim predicts; several that mean the same are joined by `or`."""
        return " or ".join(self.expects)


def checks(
    claim: str,
    expects: Union[Word, Sequence[Word]],
    core: Union[str, Sequence[str]] = (),
    given: Sequence[str] = (),
) -> Any:
    """Mark a test function as checking `claim`.

    `expects` is the word the claim predicts (or several that mean the same); `core` lists the
    parameter ids of the situations that a reader of the claim has in mind, or is `ALL`. `given` are
    the ids of cases that must hold before this one can say anything about its claim; `{layer}` in one
    stands for the function's own parameter of that name.

    Raises KeyError for a claim that is not in the registry, and ValueError for a word that the
    claim's family does not have.
    """
    words = tuple(w.value for w in ((expects,) if isinstance(expects, Word) else expects))
    family = "canary" if claim.startswith("canary/") else claim_named(claim).family
    for word in words:
        if not is_in_vocabulary(family, word):
            raise ValueError(f"{claim}: {word!r} is not a word of the {family} family")
    listed = core if isinstance(core, str) else tuple(core)
    return pytest.mark.checks(claim, expects=words, core=listed, given=tuple(given))


def case_of(
    path: Path, name: str, situation: str, marker: Any, parameters: Optional[Mapping[str, Any]] = None
) -> Case:
    """Return the case of a module's test function `name` with parameter id `situation` (`""` for none).

    Without `parameters`, the function's own by name, it is not known what the case is given.
    Raises KeyError where a case that it is given names a parameter that the function does not have.
    """
    claim = marker.args[0]
    slug = name[len("test_") :].replace("_", "-")
    inside = f"{slug}-{situation}" if situation else slug
    core = marker.kwargs["core"]
    return Case(
        id=f"{claim}[{inside}]",
        claim=claim,
        expects=marker.kwargs["expects"],
        core=core == ALL or situation in core,
        module=path.stem[len("test_") :],
        given=() if parameters is None else tuple(g.format(**parameters) for g in marker.kwargs["given"]),
    )
