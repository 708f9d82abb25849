"""The lanes of `./run test` and the steps of `./run check` (standard library only).

services  the suite on a throw-away PostgreSQL and Redis, but for the walks marked `once`
embedded  on SQLite and the broker made of files: all that asks a database or a worker, but for the PDFs
browser   the pages in Chromium
demo      `./run demo` in a temporary folder, from start to Ctrl-C
pages     every page that links reach, as each person, in Chromium: a walk before a release
pdf       the PDFs through veraPDF; needs Java
unit      the fast inner loop: no server, no worker, no browser
rules     the files that hold rules as rows: neither Django nor its fixtures, so in seconds
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator

from . import install
from .processes import die_with_parent

APART = "not browser and not demo and not pdf and not pages"
LANES = {
    "unit": f"{APART} and not services and not worker",
    "services": f"{APART} and (pure or not once)",
    "embedded": f"{APART} and not services and not pure and not render",
    "pdf": "pdf",
    "rules": APART,
    "browser": "browser",
    "pages": "pages",
    "demo": "demo",
}
BY_DEFAULT = ("services", "embedded", "browser", "demo")
AT_ONCE = 2  # on two cores; a third lane makes them all slower (measured)
# Only these are opened: pytest takes 6 s to read the whole suite.
FILES = {
    "rules": ("*/tests/test_*rules*.py", "*/tests/test_pay.py"),
    "browser": ("tests/browser/test_*.py", "tests/test_browser.py", "*/tests/test_browser*.py"),
    "pages": ("tests/browser/test_*.py", "tests/test_admin.py"),
    "demo": ("tests/test_demo.py",),
}
# Rules import no Django: without its plugin and the conftests, pytest begins five times sooner.
RULES_OPTIONS = (
    *("--disable-plugin-autoload", "--noconftest", "-p", "_hypothesis_pytestplugin"),
    *("-p", "tests.profiles", "-o", "addopts=-q --strict-markers --import-mode=importlib"),
)
CHECKS = (
    ("-m", "ruff", "format", "--check", "."),
    ("-m", "ruff", "check", "."),
    ("-c", "from importlinter.cli import lint_imports_command as main; main()", "--no-logo"),
    ("-m", "djlint", "--lint", "--quiet", "templates"),
    ("manage.py", "makemigrations", "--check", "--dry-run"),
    ("-m", "mypy"),
)


def prepare(lanes: list[str]) -> None:
    browser = ["browser"] if {"browser", "pages"} & set(lanes) else []
    java = ["java"] if "pdf" in lanes else []
    install.system("python", "pdf", *browser, *java)
    install.packages("requirements-dev.txt")


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


def files_of(lane: str) -> list[str]:
    found = {path for pattern in FILES.get(lane, ()) for path in install.ROOT.glob(pattern)}
    return sorted(str(path.relative_to(install.ROOT)) for path in found)


def command_of(lane: str, options: list[str]) -> list[str]:
    # What is named after the lane is read instead of its own files: `./run test browser livret`.
    named = any(not option.startswith("-") for option in options)
    files = [] if named else files_of(lane)
    alone = RULES_OPTIONS if lane == "rules" else ()
    pytest = ["-m", "pytest", "-m", LANES[lane], *options, *alone, *files]
    if lane == "services":
        return ["-m", "tools.services", "--", str(install.PYTHON), *pytest]
    return pytest


class Started:
    """A lane at work; what it says waits in a file until it is its turn on the screen."""

    def __init__(self, lane: str):
        # Kept open as long as the lane lives, hence no `with`.
        self.said = tempfile.TemporaryFile()  # noqa: SIM115
        self.began = self.ended = time.monotonic()
        self.process = subprocess.Popen(
            [str(install.PYTHON), *command_of(lane, [])],
            cwd=install.ROOT,
            stdin=subprocess.DEVNULL,
            stdout=self.said,
            stderr=subprocess.STDOUT,
            preexec_fn=lambda: die_with_parent(signal.SIGTERM),
        )

    def over(self) -> bool:
        if self.process.poll() is None:
            self.ended = time.monotonic()
            return False
        return True

    def show(self, shown: int) -> int:
        """Print what came since the byte `shown`; the lane writes elsewhere in the same file."""
        new = os.pread(self.said.fileno(), 1 << 20, shown)
        sys.stdout.flush()
        sys.stdout.buffer.write(new)
        sys.stdout.buffer.flush()
        return shown + len(new)


def _follow(lanes: list[str]) -> Iterator[tuple[str, int, float]]:
    """Run the lanes, some at once; print each in its turn and yield its status and seconds.

    They share no server, no file and no port.
    """
    started: dict[str, Started] = {}
    turn, shown = 0, -1
    while turn < len(lanes):
        waiting = [lane for lane in lanes if lane not in started]
        busy = sum(not lane.over() for lane in started.values())
        for lane in waiting[: AT_ONCE - busy]:
            started[lane] = Started(lane)
        lane = lanes[turn]
        if shown < 0:
            print(f"\n=== {lane}", flush=True)
            shown = 0
        head, over = started[lane], started[lane].over()
        shown = head.show(shown)
        if not over:
            time.sleep(0.2)
            continue
        while shown < os.fstat(head.said.fileno()).st_size:
            shown = head.show(shown)
        yield lane, head.process.returncode, head.ended - head.began
        turn, shown = turn + 1, -1


def _one_after_another(lanes: list[str], options: list[str]) -> Iterator[tuple[str, int, float]]:
    """On the terminal itself, which some options of pytest want (--pdb)."""
    for lane in lanes:
        print(f"\n=== {lane}", flush=True)
        began = time.monotonic()
        yield lane, run(*command_of(lane, options)), time.monotonic() - began


def test(arguments: list[str]) -> int:
    """Run each lane, the worst exit status at the end; pytest's closing line is the last printed."""
    lanes, options = split_arguments(arguments)
    prepare(lanes)
    alone = options or len(lanes) == 1
    worst = 0
    done: list[str] = []
    for lane, status, seconds in _one_after_another(lanes, options) if alone else _follow(lanes):
        done.append(f"{lane} {'ok' if not status else f'FAILED [{status}]'} {seconds:.0f} s")
        worst = max(worst, status if status >= 0 else 128 - status)
        if lane != lanes[-1]:
            print(f"(so far: {', '.join(done)})")
    if worst:
        print(f"run: {', '.join(done)}", file=sys.stderr)
    return worst


def check() -> int:
    prepare([])
    failed = [" ".join(step) for step in CHECKS if run(*step)]
    for step in failed:
        print(f"run check: FAILED {step}", file=sys.stderr)
    return 1 if failed else 0
