"""The suite laid out as an installation has it: the package alone, its data inside it, in a folder.

With it a project of somebody's, in whose folder commands are given, and a stand-in for tox that measures
nothing: what is tested is what the tool does around it.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

from conformance.suite import ROOT

LEFT_OUT = shutil.ignore_patterns("tests", "__pycache__")
#: A column whose Python is on this machine for certain.
COLUMN = {"3.10": "tf2.9", "3.11": "tf2.15", "3.12": "tf2.17", "3.13": "tf2.21"}.get(
    "{}.{}".format(*sys.version_info), "tf2.21"
)
#: It says what it is asked; it hangs, with a child that hears nothing, where it is told to.
TOX = """
    import os, signal, subprocess, sys, time
    from pathlib import Path

    said = Path(os.environ["SAID"])
    with open(said / "asked", "a") as log:
        print(os.getcwd(), os.environ.get("CONFORMANCE_RESULTS"), *sys.argv[1:], sep="|", file=log)
    if "--notest" in sys.argv or not os.environ.get("HANGS"):
        sys.exit(int(os.environ.get("CODE", 0)))
    deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(300)"
    child = subprocess.Popen([sys.executable, "-c", deaf])
    (said / f"{os.getpid()}.pid").write_text("")
    (said / f"{child.pid}.pid").write_text("")
    time.sleep(300)
"""


class Installed:
    """An installed suite, a folder of somebody's, and commands that are given in it."""

    def __init__(self, root: Path) -> None:
        self.library, self.home, self.said = root / "library", root / "home", root / "said"
        for folder in (self.home, self.said, self.library / "tox"):
            folder.mkdir(parents=True)
        shutil.copytree(ROOT / "conformance", self.library / "conformance", ignore=LEFT_OUT)
        (self.library / "conformance" / "reports").symlink_to(ROOT / "reports")
        (self.library / "tox" / "__init__.py").write_text("")
        (self.library / "tox" / "__main__.py").write_text(dedent(TOX))
        self.work = self.home / ".conformance"

    def start(self, *arguments: str, **environment: str) -> "subprocess.Popen[str]":
        """Begin a command in the folder, and return its process, in a group as a terminal would have it."""
        ours = {**os.environ, "PYTHONPATH": str(self.library), "SAID": str(self.said), **environment}
        return subprocess.Popen(
            [sys.executable, "-m", "conformance", *arguments],
            cwd=self.home,
            env=ours,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
        """Do a command in the folder to its end."""
        process = self.start(*arguments, **environment)
        out, err = process.communicate(timeout=120)
        return subprocess.CompletedProcess(arguments, process.returncode, out, err)

    @property
    def asked(self) -> list[list[str]]:
        """What tox was asked: its folder, where results belong, and its arguments."""
        path = self.said / "asked"
        return [line.split("|") for line in path.read_text().splitlines()] if path.exists() else []
