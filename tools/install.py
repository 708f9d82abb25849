"""What `./run` installs: the virtual environment, the locked packages, the system's libraries.

Standard library only. Every check is quick and quiet when there is nothing to do; apt is used only by
root, anybody else is shown the exact line to run and the command stops.
"""

import ctypes
import ctypes.util
import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
UNAVAILABLE = 69  # sysexits.h: a service or program that is needed is not there

PDF_LIBRARIES = {
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    # Without it WeasyPrint still works, but 3 to 17 times slower.
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
}
JAXB_JAR = Path("/usr/share/java/jaxb-runtime.jar")


def say(text: str) -> None:
    print(f"run: {text}", file=sys.stderr, flush=True)


def stop(text: str) -> None:
    say(text)
    sys.exit(UNAVAILABLE)


# --- Debian packages ---------------------------------------------------------------------------
def library_is_there(soname: str) -> bool:
    try:
        ctypes.CDLL(soname)
    except OSError:
        name = soname.removeprefix("lib").partition(".so")[0]
        return ctypes.util.find_library(name) is not None  # other systems, other file names
    return True


def for_python() -> list[str]:
    has_venv = PYTHON.exists() or importlib.util.find_spec("ensurepip") is not None
    return [] if has_venv else ["python3-venv"]


def for_pdf() -> list[str]:
    return [deb for soname, deb in PDF_LIBRARIES.items() if not library_is_there(soname)]


def browser() -> str | None:
    """Chromium without its windows, a fifth quicker in the tests; $CHROMIUM names another one."""
    return os.environ.get("CHROMIUM") or shutil.which("chromium-headless-shell")


def for_browser() -> list[str]:
    missing = []
    if not browser():
        missing += ["chromium-headless-shell", "fonts-liberation"]
    if not library_is_there("libatomic.so.1"):
        missing.append("libatomic1")  # Playwright's own Node links with it
    return missing


def for_java() -> list[str]:
    missing = [] if shutil.which("java") else ["default-jre-headless"]
    if not JAXB_JAR.exists():
        missing.append("libjaxb-java")
    return missing


NEEDS = {
    "python": ("the virtual environment", for_python),
    "pdf": ("PDF rendering (WeasyPrint)", for_pdf),
    "browser": ("the browser tests", for_browser),
    "java": ("PDF validation (veraPDF)", for_java),
}


def system(*needs: str) -> None:
    """Install the Debian packages that NEEDS lack, as root; else print the one line to run and stop.

    Before anything else is installed: nobody waits for a download to be told of another one.
    """
    lacking = {NEEDS[need][0]: missing for need in needs if (missing := NEEDS[need][1]())}
    names = [name for missing in lacking.values() for name in missing]
    if not names:
        return
    reason = ", ".join(lacking)
    line = f"apt-get install -y --no-install-recommends {' '.join(names)}"
    if not shutil.which("apt-get"):
        stop(f"{reason}: needs these Debian packages or their like: {' '.join(names)}")
    if os.geteuid() != 0:
        stop(f"{reason}: needs system packages. Run this, then start again:\n  sudo {line}")
    say(f"installing {' '.join(names)} ({reason})")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in ("apt-get update -qq", line.replace("install", "install -qq", 1)):
        done = subprocess.run(
            command.split(), env=quiet, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
    if done.returncode:
        stop(f"{done.stdout}apt failed. To run once it is mended:\n  {line}")


# --- Python packages ---------------------------------------------------------------------------
def packages(lock_name: str) -> None:
    """Bring .venv to the lock; its hash is stamped there, so that a second run installs nothing."""
    lock = ROOT / lock_name
    wanted = hashlib.sha256(lock.read_bytes() + sys.version.encode()).hexdigest()
    stamp = VENV / f".{lock_name}.sha256"
    if stamp.exists() and stamp.read_text() == wanted and PYTHON.exists():
        return
    create_venv()
    with open(VENV / ".run.lock", "w") as guard:
        fcntl.flock(guard, fcntl.LOCK_EX)
        say(f"installing {lock_name} into {VENV.name} (once)")
        install_lock(lock)
        stamp.write_text(wanted)


def create_venv() -> None:
    if PYTHON.exists():
        return
    subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=True)


def install_lock(lock: Path) -> None:
    """With uv (ten times faster) where its wheel installs, else with pip: the same hashed lock."""
    pip = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "--quiet"]
    uv = VENV / "bin" / "uv"
    if not uv.exists():
        subprocess.run([*pip, "install", "--require-hashes", "-r", str(ROOT / "tools" / "uv.txt")])
    if uv.exists():
        # uv leaves the compiling to the first import; four processes start at once here.
        install = [str(uv), "pip", "install", "--compile-bytecode", "--require-hashes"]
        if not subprocess.run(
            [*install, "--quiet", "--python", str(PYTHON), "-r", str(lock)]
        ).returncode:
            return
        say("uv failed, trying pip")
    if subprocess.run([*pip, "install", "--require-hashes", "-r", str(lock)]).returncode:
        stop(f"the packages of {lock.name} could not be installed; the reason is above")
