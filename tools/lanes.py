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


def run_lane(lane: str, options: list[str]) -> int:
    pytest = ["-m", "pytest", "-m", LANES[lane], *options]
    if lane == "services":
        return run("-m", "tools.services", "--", str(install.PYTHON), *pytest)
    return run(*pytest)


def test(arguments: list[str]) -> int:
    """Run each lane, the worst exit status at the end; pytest's closing line is the last printed."""
    lanes, options = split_arguments(arguments)
    prepare(lanes)
    worst = 0
    done: list[str] = []
    for lane in lanes:
        so_far = f" (so far: {', '.join(done)})" if done else ""
        print(f"\n=== {lane}{so_far}", flush=True)
        started = time.monotonic()
        status = run_lane(lane, options)
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
