"""Small results that are as they should be, for tests to begin with, or to break in one way."""

from conformance.results import results

CLAIM = "dropout/ignores-trainable"
CANARY = "canary/x[sings]"
SUITE = {"version": "0", "digest": "d", "shared": "s", "modules": {"dropout": "m"}}
_OBSERVED = {"holds": "drops", "deviates": "passes through"}


def record(outcome="holds", observed=None, **changes):
    """Return the record of a case that expected `drops`."""
    observed = observed or _OBSERVED.get(outcome)
    said = f"expected drops, observed {observed}" if observed else "nobody knows"
    return {
        "outcome": outcome,
        "observed": observed,
        "expected": "drops",
        "measured": 0.5 if observed else None,
        "reason": None if outcome == "holds" else said,
        "core": True,
        **changes,
    }


def column(name="tf2.9", **changes):
    """Return what a column says of itself."""
    return {
        "id": name,
        "tensorflow": "2.9.3",
        "keras": "2.9.0",
        "flavour": "keras2",
        "python": "3.10.13",
        "numpy": "1.23.5",
        "packages": {"tensorflow": "2.9.3", "pytest": "9.2.0"},
        "lock": None,
        **changes,
    }


def of(cases=None, name="tf2.9", suite=SUITE, valid=True, shard=(), **changes):
    """Return results with some cases, each an outcome or a whole record, and the canary."""
    found = {CANARY: "holds" if valid else "deviates", **(cases or {f"{CLAIM}[a]": "holds"})}
    records = {
        case: {"module": case.split("/")[0], **(record(said) if isinstance(said, str) else said)}
        for case, said in found.items()
    }
    return results.results(column(name, **changes), suite, valid, records, dict(shard))
