"""Refresh static/vendor, the icon sprite and the web font from their npm packages (maintainers only).

    python -m tools.vendor

Needs `npm` on the PATH; nobody who runs or tests the application needs it: the files are committed, and
tests/test_vendor.py hashes them again. Add an icon by adding its name to ICONS.
"""

import hashlib
import io
import json
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

ROOT = Path(__file__).resolve().parent.parent
STATIC = ROOT / "static"
VENDOR = STATIC / "vendor"

PACKAGES = {
    "bootstrap": ("5.3.8", "MIT"),
    "signature_pad": ("5.1.4", "MIT"),
    "bootstrap-icons": ("1.13.2", "MIT"),
    "inter-ui": ("4.1.1", "OFL-1.1"),
}
COPIES = [
    ("bootstrap", "dist/css/bootstrap.min.css", "vendor/bootstrap/bootstrap.min.css"),
    ("bootstrap", "dist/js/bootstrap.bundle.min.js", "vendor/bootstrap/bootstrap.bundle.min.js"),
    ("bootstrap", "LICENSE", "vendor/bootstrap/LICENSE"),
    (
        "signature_pad",
        "dist/signature_pad.umd.min.js",
        "vendor/signature_pad/signature_pad.umd.min.js",
    ),
    ("signature_pad", "LICENSE", "vendor/signature_pad/LICENSE"),
    ("bootstrap-icons", "LICENSE", "vendor/bootstrap-icons/LICENSE"),
    ("inter-ui", "LICENSE.txt", "fonts/Inter-OFL.txt"),
]
# Name in templates -> name in bootstrap-icons.
ICONS = {
    "home": "house",
    "programme": "journal-text",
    "people": "people",
    "person": "person",
    "person-add": "person-plus",
    "contract": "file-earmark-text",
    "calendar": "calendar3",
    "signature": "pen",
    "sheet": "clipboard-check",
    "chart": "bar-chart",
    "book": "book",
    "document": "file-earmark-pdf",
    "download": "download",
    "upload": "upload",
    "search": "search",
    "filter": "funnel",
    "plus": "plus-lg",
    "check": "check-lg",
    "cross": "x-lg",
    "edit": "pencil",
    "trash": "trash",
    "undo": "arrow-counterclockwise",
    "arrow-right": "arrow-right",
    "arrow-left": "arrow-left",
    "chevron-down": "chevron-down",
    "chevron-right": "chevron-right",
    "menu": "list",
    "more": "three-dots",
    "building": "building",
    "briefcase": "briefcase",
    "mortarboard": "mortarboard",
    "clock": "clock",
    "lock": "lock",
    "unlock": "unlock",
    "key": "key",
    "shield": "shield-check",
    "device": "phone",
    "laptop": "laptop",
    "mail": "envelope",
    "settings": "gear",
    "logout": "box-arrow-right",
    "swap": "arrow-left-right",
    "info": "info-circle",
    "help": "question-circle",
    "link": "link-45deg",
    "qr": "qr-code",
    "print": "printer",
    "eye": "eye",
    "history": "clock-history",
    "archive": "archive",
    "keyboard": "keyboard",
    "accessibility": "universal-access",
    "status-todo": "exclamation-triangle-fill",
    "status-stop": "x-octagon-fill",
    "status-done": "check-circle-fill",
    "status-run": "arrow-repeat",
    "status-none": "dash-circle",
}
UNICODES = "U+0020-007E,U+00A0-017F,U+02C6-02DD,U+2010-2027,U+202F,U+2030-203A,U+20AC,U+2116,U+2122,U+2190-2193,U+2212,U+2248,U+2260-2265,U+25CF,U+2713"


def fetch(name: str, version: str, into: Path) -> Path:
    """Download one package and return the folder of its content."""
    command = ["npm", "pack", "--silent", f"{name}@{version}", "--pack-destination", str(into)]
    archive = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()[-1]
    folder = into / name
    with tarfile.open(into / archive) as tar:
        tar.extractall(folder, filter="data")
    return folder / "package"


def copy(source: Path, target: Path) -> None:
    """Copy without the source map reference, which would break the manifest storage."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.suffix in {".css", ".js"}:
        text = source.read_text()
        text = re.sub(r"\n?(/\*|//)# sourceMappingURL=\S+?(\s*\*/)?\s*$", "\n", text)
        target.write_text(text)
    else:
        shutil.copyfile(source, target)


def write_sprite(package: Path, target: Path) -> None:
    """One SVG file with a <symbol> for each icon that the templates name."""
    symbols = []
    for name, origin in sorted(ICONS.items()):
        svg = (package / "icons" / f"{origin}.svg").read_text()
        box = re.search(r'viewBox="([^"]+)"', svg)
        inner = re.search(r"<svg[^>]*>(.*)</svg>", svg, re.S)
        if not box or not inner:
            raise ValueError(f"{origin}.svg cannot be read")
        shape = re.sub(r">\s+<", "><", inner[1].strip())
        symbols.append(f'<symbol id="{name}" viewBox="{box[1]}">{shape}</symbol>')
    target.parent.mkdir(parents=True, exist_ok=True)
    sprite = '<svg xmlns="http://www.w3.org/2000/svg" fill="currentColor">\n{}\n</svg>\n'
    target.write_text(sprite.format("\n".join(symbols)))


def write_font(package: Path, target: Path) -> None:
    """The variable roman, weights 400 to 700, the signs that French pages use, with its numerals."""
    font = instancer.instantiateVariableFont(
        TTFont(package / "variable" / "InterVariable.woff2"), {"wght": (400, 700), "opsz": 14}
    )
    whole = io.BytesIO()
    font.flavor = None
    font.save(
        whole
    )  # the subsetter wants a font whose tables agree: write the instance, read it back
    whole.seek(0)
    font = TTFont(whole)
    options = subset.Options(flavor="woff2", notdef_outline=True)
    options.layout_features = [*options.layout_features, "tnum", "zero", "case", "ss03"]
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=subset.parse_unicodes(UNICODES))
    subsetter.subset(font)
    for feature in font["GSUB"].table.FeatureList.FeatureRecord:
        if feature.FeatureTag == "tnum":  # figures alone: a wide hyphen tears « e-mail » apart
            for index in feature.Feature.LookupListIndex:
                for table in font["GSUB"].table.LookupList.Lookup[index].SubTable:
                    mapping = getattr(table, "ExtSubTable", table).mapping
                    mapping.pop("hyphen", None)
    target.parent.mkdir(parents=True, exist_ok=True)
    subset.save_font(font, str(target), options)


def write_manifest(files: list[tuple[str, str]]) -> None:
    entries = []
    for name, path in sorted(files, key=lambda pair: pair[1]):
        version, licence = PACKAGES[name]
        digest = hashlib.sha256((STATIC / path).read_bytes()).hexdigest()
        entries.append(
            {"name": name, "version": version, "file": path, "sha256": digest, "licence": licence}
        )
    (VENDOR / "VENDOR.json").write_text(json.dumps(entries, indent=2, ensure_ascii=False) + "\n")


def main() -> int:
    with tempfile.TemporaryDirectory() as temporary:
        folders = {
            name: fetch(name, version, Path(temporary)) for name, (version, _) in PACKAGES.items()
        }
        files = []
        for name, source, target in COPIES:
            copy(folders[name] / source, STATIC / target)
            files.append((name, target))
        write_sprite(folders["bootstrap-icons"], STATIC / "img" / "icons.svg")
        write_font(folders["inter-ui"], STATIC / "fonts" / "Inter-Variable.woff2")
        files += [("bootstrap-icons", "img/icons.svg"), ("inter-ui", "fonts/Inter-Variable.woff2")]
        write_manifest(files)
    return 0


if __name__ == "__main__":
    sys.exit(main())
