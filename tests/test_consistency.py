"""Guards on the whole source: what a reviewer would otherwise have to look for in each change."""

import ast
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

from documents import kinds
from tools.lanes import files_of

ROOT = Path(__file__).resolve().parent.parent
APPS = ("accounts", "documents", "programmes", "apprentices", "attendance", "evaluations", "livret")
PACKAGES = (*APPS, "ndrc_cfa", "tests", "tools", "bench")
LONGEST = 400
PROPER_NAMES = {"Formacode", "Formacodes", "Cerfa", "Qualiopi"}
# Read by Django or by a library, not by a name in our sources.
FOUND_BY_LIBRARIES = re.compile(
    r"^(allauth|account|mfa|usersessions|django|bootstrap5|admin|registration)/"
)
FOUND_BY_DJANGO = {"403.html", "404.html", "429.html"}
CLASSES_OF_CRISPY = {"asteriskField"}
# Ways in for the tests (the cast, the worker played at once) and for whoever checks a seal.
CALLED_FROM_OUTSIDE = {"make_cast", "run_to_end", "certificate_pem"}


def sources() -> list[Path]:
    files = [path for package in PACKAGES for path in (ROOT / package).rglob("*.py")]
    return [path for path in files if "migrations" not in path.parts]


def our_models() -> list[type[models.Model]]:
    return [model for app in APPS for model in apps.get_app_config(app).get_models()]


def own_fields() -> list[models.Field]:
    return [field for model in our_models() for field in model._meta.local_fields]


def test_every_template_is_used():
    texts = [path.read_text() for path in sources()]
    templates = list((ROOT / "templates").rglob("*.html")) + list(
        (ROOT / "templates").rglob("*.txt")
    )
    texts += [path.read_text() for path in templates]
    everything = "\n".join(texts)
    names = {path.relative_to(ROOT / "templates").as_posix() for path in templates}
    names -= {kind.template for kind in kinds._documents.values()}  # their paths may be computed
    unused = {
        name
        for name in names - FOUND_BY_DJANGO
        if name not in everything and not FOUND_BY_LIBRARIES.match(name)
    }
    assert not unused


@cache
def application_text() -> str:
    """What runs, without the tests: Python, templates, scripts and the data that names functions."""
    files = [path for path in sources() if "tests" not in path.parts]
    files += (ROOT / "templates").rglob("*.*")
    files += (ROOT / "static" / "js").rglob("*.js")
    return "\n".join(path.read_text() for path in files)


def test_every_function_is_called_by_the_application():
    """What tests alone call is dead; a decorated function is called by its decorator's owner."""
    text = application_text()
    words = Counter(re.findall(r"\w+", text))
    functions = re.findall(r"(?<!\S\n)^def (\w+)", text, re.MULTILINE)
    assert {name for name in functions if words[name] == 1} <= CALLED_FROM_OUTSIDE


def test_every_class_of_a_style_sheet_is_used():
    written = set(re.findall(r"[\w-]+", application_text()))
    styles = "\n".join(path.read_text() for path in (ROOT / "static" / "css").glob("*.css"))
    selectors = re.sub(r"/\*.*?\*/|\{[^{}]*\}", "", styles, flags=re.DOTALL)
    unused = {
        name
        for name in re.findall(r"\.([A-Za-z][\w-]*)", selectors)
        if name not in written
        # A page may write its end: class="day-{{ day.kind }}".
        and name[: name.rfind("-") + 1] not in written - {""}
    }
    assert unused <= CLASSES_OF_CRISPY


def test_every_rule_and_model_says_what_it_is():
    silent = [
        f"{path.relative_to(ROOT)}: {node.name}"
        for path in sources()
        if {"rules", "models"} & {*path.parts, path.stem} and "tests" not in path.parts
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
        if not ast.get_docstring(node)
    ]
    assert not silent


def test_every_file_that_the_prose_names_exists():
    named = re.compile(rf"(?<![\w./-])((?:docs|{'|'.join(PACKAGES)})/[\w./-]+\.(?:py|md|toml))\b")
    texts = [*sources(), *(ROOT / "docs").rglob("*.md"), ROOT / "README.md"]
    lost = {
        f"{path.relative_to(ROOT)}: {name}"
        for path in texts
        for name in named.findall(path.read_text())
        if not (ROOT / name).exists()
    }
    assert not lost


def test_every_choice_is_constrained_in_the_database():
    loose = []
    for field in own_fields():
        if not field.choices:
            continue
        constraints = [c for c in field.model._meta.constraints if hasattr(c, "condition")]
        if not any(re.search(rf"'{field.name}(__|')", str(c.condition)) for c in constraints):
            loose.append(str(field))
    assert not loose


def test_every_label_is_written_and_lower_case():
    wrong = []
    for field in own_fields():
        label = str(field.verbose_name)
        inherited = field.name in {"id", "password", "last_login"} or field.name in {
            "is_superuser",
            "is_staff",
            "is_active",
            "date_joined",
        }
        if inherited or (
            isinstance(field, models.OneToOneField) and field.remote_field.parent_link
        ):
            continue
        # An acronym (UAI, CFA, E4) or a proper name keeps its capital.
        first = re.sub(r"^[LlDd]['’]", "", label.split()[0] if label else "")
        capitals = sum(letter.isupper() or letter.isdigit() for letter in first)
        if not label or (first[0].isupper() and capitals < 2 and first not in PROPER_NAMES):
            wrong.append(f"{field}: {label!r}")
    assert not wrong


def test_a_document_cannot_be_deleted_under_its_subject():
    loose = [
        str(field)
        for field in own_fields()
        if isinstance(field, models.ForeignKey)
        and field.related_model._meta.label == "documents.Document"
        and field.model._meta.app_label != "documents"
        and field.remote_field.on_delete is not models.PROTECT
    ]
    assert not loose


def test_a_task_is_sent_when_the_transaction_is_written():
    bare = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in sources()
        if "tests" not in path.parts
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if re.search(r"\.delay\(", line)
    ]
    assert not bare


@pytest.mark.parametrize("package", PACKAGES)
def test_no_file_is_too_long(package):
    files = [path for path in sources() if path.relative_to(ROOT).parts[0] == package]
    files += (ROOT / "templates" / package).rglob("*.html")
    long = {
        str(path.relative_to(ROOT)): lines
        for path in files
        if (lines := len(path.read_text().splitlines())) > LONGEST
    }
    assert not long


def test_no_line_of_a_template_is_too_long():
    """One element a line; a sentence said to an included template may make it long."""
    long = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in (ROOT / "templates").rglob("*.html")
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if len(line) > LONGEST
    ]
    assert not long


def test_no_style_sheet_or_script_of_ours_is_too_long():
    files = [*(ROOT / "static" / "css").glob("*.css"), *(ROOT / "static" / "js").rglob("*.js")]
    assert not [path.name for path in files if len(path.read_text().splitlines()) > LONGEST]


def test_no_page_takes_anything_from_outside():
    outside = re.compile(r"""(?:src|href)=["'](?:https?:)?//""")
    pages = (ROOT / "templates").rglob("*.html")
    assert not [path.name for path in pages if outside.search(path.read_text())]


@pytest.mark.parametrize("lane", ["browser", "pages", "demo"])
def test_a_lane_that_opens_a_few_files_opens_all_of_its_own(lane):
    """./run test gives pytest these files alone: a test of the lane elsewhere would never run."""
    marked = {
        str(path.relative_to(ROOT))
        for path in sources()
        if path.name.startswith("test_") and re.search(rf"mark\.{lane}\b", path.read_text())
    }
    assert marked
    assert marked <= set(files_of(lane))


def test_a_sentence_of_a_script_keeps_its_signs_on_the_line():
    """Pages are set as they leave (accounts/typography.py); what a script says, nobody sets after it."""
    loose = []
    for path in (ROOT / "static" / "js").glob("*.js"):
        for number, line in enumerate(path.read_text().splitlines(), 1):
            for said in re.findall(
                r'"([^"]*)"|`((?:[^`$]|\$\{[^}`]*\})*)`', line.partition("// ")[0]
            ):
                words = re.sub(r"\$\{[^}]*\}", "x", "".join(said))
                if re.search(r"\w [:;?!»%€](?!\w)|« ", words):
                    loose.append(
                        f"{path.name}:{number}: write \\u00a0 before the sign in {words!r}"
                    )
    assert not loose
