"""The lanes of `./run test` and the steps of `./run check` (standard library only).

services  the whole suite on a throw-away PostgreSQL and Redis
embedded  the whole suite on SQLite and the broker made of files
browser   the pages in Chromium
demo      `./run demo` in a temporary folder, from start to Ctrl-C
pdf       the PDFs through veraPDF; needs Java
unit      the fast inner loop: no server, no worker, no browser
"""

import signal
import subprocess
import sys
import tempfile
import time

from . import install
from .processes import die_with_parent

APART = "not browser and not demo and not pdf"
LANES = {
    "unit": f"{APART} and not services and not worker",
    "services": APART,
    "embedded": f"{APART} and not services",
    "pdf": "pdf",
    "browser": "browser",
    "demo": "demo",
}
BY_DEFAULT = ("services", "embedded", "browser", "demo")
CHECKS = (
    ("-m", "ruff", "format", "--check", "."),
    ("-m", "ruff", "check", "."),
    ("-c", "from importlinter.cli import lint_imports_command as main; main()", "--no-logo"),
    ("-m", "djlint", "--lint", "--quiet", "templates"),
    ("manage.py", "makemigrations", "--check", "--dry-run"),
    ("-m", "mypy"),
)


def prepare(lanes: list[str]) -> None:
    install.packages("requirements-dev.txt")
    install.pdf_libraries()
    if "browser" in lanes:
        install.chromium()
    if "pdf" in lanes:
        install.java()


def split_arguments(arguments: list[str]) -> tuple[list[str], list[str]]:
    """Leading lane names, then what goes to pytest."""
    count = 0
    while count < len(arguments) and arguments[count] in LANES:
        count += 1
    return arguments[:count] or list(BY_DEFAULT), arguments[count:]


def run(*command: str) -> int:
    return subprocess.run(
        [str(install.PYTHON), *command],
        cwd=install.ROOT,
        preexec_fn=lambda: die_with_parent(signal.SIGTERM),
    ).returncode


def command_of(lane: str, options: list[str]) -> list[str]:
    pytest = ["-m", "pytest", "-m", LANES[lane], *options]
    if lane == "services":
        return ["-m", "tools.services", "--", str(install.PYTHON), *pytest]
    return pytest


class Behind:
    """A lane that runs beside the one on the screen; what it says is shown when its turn comes."""

    def __init__(self, lane: str):
        # Kept open as long as the lane lives, hence no `with`.
        self.said = tempfile.TemporaryFile()  # noqa: SIM115
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            [str(install.PYTHON), *command_of(lane, [])],
            cwd=install.ROOT,
            stdin=subprocess.DEVNULL,
            stdout=self.said,
            stderr=subprocess.STDOUT,
            preexec_fn=lambda: die_with_parent(signal.SIGTERM),
        )

    def finish(self) -> int:
        status = self.process.wait()
        self.said.seek(0)
        sys.stdout.write(self.said.read().decode(errors="replace"))
        sys.stdout.flush()
        return status


def test(arguments: list[str]) -> int:
    """Run each lane, the worst exit status at the end; pytest's closing line is the last printed.

    The two runs of the whole suite share no server, no file and no port: they go side by side. Not with
    options of pytest, some of which want the terminal (--pdb).
    """
    lanes, options = split_arguments(arguments)
    prepare(lanes)
    behind: Behind | None = None
    worst = 0
    done: list[str] = []
    for lane in lanes:
        so_far = f" (so far: {', '.join(done)})" if done else ""
        print(f"\n=== {lane}{so_far}", flush=True)
        started = time.monotonic()
        if lane == "services" and "embedded" in lanes[len(done) :] and not options and not behind:
            behind = Behind("embedded")
        if lane == "embedded" and behind:
            status, started, behind = behind.finish(), behind.started, None
        else:
            status = run(*command_of(lane, options))
        done.append(
            f"{lane} {'ok' if not status else f'FAILED [{status}]'} {time.monotonic() - started:.0f} s"
        )
        worst = max(worst, status if status >= 0 else 128 - status)
    if worst:
        print(f"run: {', '.join(done)}", file=sys.stderr)
    return worst


def check() -> int:
    prepare([])
    failed = [" ".join(step) for step in CHECKS if run(*step)]
    for step in failed:
        print(f"run check: FAILED {step}", file=sys.stderr)
    return 1 if failed else 0
