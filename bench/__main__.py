"""`./run bench [NAME...] [--full] [options of a measure]`: print each figure as a JSON line.

Each measure runs in a process of its own, on throw-away data. Absolute times belong to the machine;
compare the ratios and the numbers of queries of one run.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# name -> (module, arguments of its runs)
MEASURES: dict[str, tuple[str, list[list[str]]]] = {
    "pages": ("bench.pages", [["--apprentices", "20"], ["--apprentices", "2000"]]),
    "imports": ("bench.imports", [[]]),
    "planning": ("bench.planning", [[]]),
    "pdf": ("bench.pdf", [[]]),
    "programmes": ("bench.programmes", [[]]),
    "exam": ("bench.exam", [[]]),
    "marks": ("bench.marks", [[]]),
    "exam_pages": ("bench.exam_pages", [[]]),
    "livret": ("bench.livret", [[]]),
    "pay": ("bench.pay", [[]]),
    "contracts": ("bench.contracts", [["--contracts", "20"], ["--contracts", "5000"]]),
    "chain": ("bench.attendance_chain", [[]]),
    "rush": ("bench.attendance_rush", [[]]),
}


# Those that a release measures at full size; the others have one size.
HAS_FULL = ("exam", "pages", "pdf")


def main(arguments: list[str]) -> int:
    options = [a for a in arguments if a.startswith("-")]
    names = [a for a in arguments if not a.startswith("-")] or list(MEASURES)
    known = f"mesures connues : {', '.join(MEASURES)}"
    if {"-h", "--help"} & set(options):
        print(f"{__doc__.strip()}\n\n{known}")
        return 0
    if unknown := [name for name in names if name not in MEASURES]:
        print(f"bench: mesure inconnue « {unknown[0]} » ({known})", file=sys.stderr)
        return 2
    worst = 0
    for name in names:
        module, runs = MEASURES[name]
        given = [a for a in options if a != "--full" or name in HAS_FULL]
        for run in runs:
            with tempfile.TemporaryDirectory(prefix="bench-") as folder:
                environment = {
                    **os.environ,
                    "NDRC_DATA_DIR": folder,
                    "DJANGO_SETTINGS_MODULE": "ndrc_cfa.settings.dev",
                }
                command = [sys.executable, "-m", module, *run, *given]
                worst = max(
                    worst,
                    subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode,
                )
    return worst


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
