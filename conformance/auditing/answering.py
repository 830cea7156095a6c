"""`python -m conformance.auditing.answering ASKED`: a model is asked, and each answer is a line of JSON.

ASKED is JSON too: `subject`, `only`, `skip`, `limit`, and `known`, questions of which it is known already
what comes of them. A line has `asking`, the name of a question that begins; or what is `found`; or `refused`,
a reason, with an exit `code`; one has the `column`, and the last is `done`.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any, Callable, Mapping

from conformance.auditing import loading
from conformance.exits import Exit

Tell = Callable[..., None]


def answer(asked: Mapping[str, Any], tell: Tell) -> None:
    """Ask a model, and tell of each question. Raises SubjectError, and ImportError without TensorFlow."""
    build = loading.function(asked["subject"])  # what is wrong with it is said without TensorFlow, too
    from conformance.auditing.questions import Audit
    from conformance.measuring import installed

    audit = Audit(build, asked["limit"])
    known = list(audit.questions())
    for name in (*asked["only"], *asked["skip"]):
        if name not in known:
            raise loading.SubjectError(f"no question is called {name!r}: there are {', '.join(known)}")
    tell(asking="build()")
    audit.prepare()
    tell(column=installed.column())
    wanted = set(asked["only"] or known) - {*asked["skip"], *asked["known"]}
    for name in (name for name in known if name in wanted):
        tell(asking=name)
        tell(found=[finding.as_table() for finding in audit.answer(name)])
    tell(done=True)


def main(asked: Mapping[str, Any]) -> int:
    """Answer on what was standard output; what the user's code prints goes to standard error."""
    said = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)

    def tell(**line: Any) -> None:
        said.write(json.dumps(line) + "\n")
        said.flush()

    try:
        answer(asked, tell)
    except ImportError as error:
        tell(refused=f"no TensorFlow that can be imported ({error})", code=Exit.NOT_MEASURED)
    except loading.SubjectError as error:
        tell(refused=str(error), code=error.exit_code)
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(json.loads(sys.argv[1])))
    except (KeyboardInterrupt, BrokenPipeError):  # whoever asked is gone, and has said so
        os._exit(Exit.INTERRUPTED)
