"""The two layer rules of the house, as .importlinter states them."""

import subprocess
import sys

from django.conf import settings


def test_imports_follow_the_layers():
    done = subprocess.run(
        [
            *(sys.executable, "-c"),
            "from importlinter.cli import lint_imports_command as main; main()",
            *("--no-logo", "--no-cache"),
        ],
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken" in done.stdout
