"""The vendored files are what VENDOR.json says, and nothing else lies in static/vendor."""

import hashlib
import json
import re
from pathlib import Path

import pytest

STATIC = Path(__file__).resolve().parent.parent / "static"
ENTRIES = json.loads((STATIC / "vendor" / "VENDOR.json").read_text())


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry["file"])
def test_it_is_the_file_that_was_fetched(entry):
    content = (STATIC / entry["file"]).read_bytes()
    assert hashlib.sha256(content).hexdigest() == entry["sha256"]
    assert b"sourceMappingURL" not in content
    assert entry["licence"]
    assert entry["version"]


def test_it_lists_every_vendored_file():
    present = {
        str(path.relative_to(STATIC))
        for path in (STATIC / "vendor").rglob("*")
        if path.is_file() and path.name != "VENDOR.json"
    }
    assert present <= {entry["file"] for entry in ENTRIES}


def test_it_has_every_icon_that_templates_name():
    root = STATIC.parent
    known = set(re.findall(r'<symbol id="([^"]+)"', (STATIC / "img" / "icons.svg").read_text()))
    named = set()
    for template in (root / "templates").rglob("*.html"):
        named |= set(re.findall(r'\{% icon "([^"]+)"', template.read_text()))
        named |= set(re.findall(r'_empty\.html"[^%]* icon="([^"]+)"', template.read_text()))
    navigation = (root / "accounts" / "navigation.py").read_text()
    named |= set(re.findall(r'Entry\("[^"]+", "([^"]+)"', navigation))
    assert named <= known
