"""Cases that ask alone: of a model that answers for many cases, only what one of them wants is made.

A column runs all cases, so that one model for many is the cheap way. Under a mutant few are run, and the rest
of such a model would take most of the time. So one model answers for one case here.
"""

from __future__ import annotations

import functools
from typing import Any, Callable, Dict, Mapping, Tuple

#: The stages of a model's life, in their order.
_STAGES = ("predict", "fit", "thaw")


def ask_alone() -> None:
    """Have every case in this process, and in its forks, ask for what it wants itself."""
    from conformance.fixtures.situations import (
        batchnorm_zoo,
        dropouts,
        model_files,
        saved_flags,
        snapshots,
        trainings,
        weight_files,
    )

    trainings.answered = _Alone().answered  # type: ignore[assignment]
    dropouts._all_through = batchnorm_zoo._together = lambda *situation: None  # type: ignore[assignment]
    saved_flags._together = lambda _, routes: dict.fromkeys(routes, Exception())  # type: ignore[assignment]
    snapshots.SHARED_MOMENTS = ()  # type: ignore[assignment]
    life = model_files._life.__wrapped__
    model_files._life = functools.lru_cache(maxsize=None)(functools.partial(_Lives, life))
    by_routes = weight_files._by_routes
    weight_files._by_routes = lambda _, *models: _Each(by_routes, models)  # type: ignore[assignment]


def remember_what_is_installed() -> None:
    """Have this process and its forks look once which Keras runs, and which packages there are.

    Layers of the suite ask in each call, and each fork would have AutoGraph convert anew what answers them.
    """
    from conformance.measuring import installed

    for ask in (installed.flavour, installed.column):
        remembering = functools.lru_cache(maxsize=None)(ask)
        remembering()
        setattr(installed, ask.__name__, remembering)


class _Lives:
    """A model's life, anew for each stage that is asked about, without the others."""

    def __init__(self, life: Callable[[str], Mapping[str, Any]], route: str) -> None:
        self.life, self.route = life, route
        self.said: Dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self.said:
            self.said[name] = self._lived(name)
        return self.said[name]

    def _lived(self, name: str) -> Any:
        from conformance.fixtures.situations import model_files

        stage, passes = model_files._stage, iter(_STAGES)
        model_files._stage = lambda act: stage(act) if next(passes) == name else None
        try:
            return self.life(self.route)[name]
        finally:
            model_files._stage = stage


class _Each:
    """What came of each way from one model to another, of which only the one that is asked for is gone."""

    def __init__(self, by_routes: Callable[..., Mapping[str, Any]], models: Tuple[str, ...]) -> None:
        self.by_routes, self.models = by_routes, models

    def __getitem__(self, route: str) -> Any:
        return self.by_routes((route,), *self.models)[route]


class _Alone:
    """What experiments have said so far: some say more than they were asked, which is not asked again."""

    def __init__(self) -> None:
        self.said: Dict[Any, Dict[Any, Any]] = {}

    def answered(self, experiment: Callable[..., Any], question: Any, _: Any, *situation: Any) -> Any:
        """Return the answer that an experiment gives to a question that it is asked alone."""
        from conformance.measuring import installed

        said = self.said.setdefault((experiment, situation), {})
        if question not in said:
            with installed.fresh():
                said.update(experiment((question,), *situation))
        return said[question]
