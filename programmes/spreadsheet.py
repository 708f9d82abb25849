"""Hours by subject from a spreadsheet (XLSX or CSV), and the model to fill in."""

import csv
import io
import zipfile
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Font

from .conformity.words import number as number_words
from .conformity.words import plain
from .models import CfaProgramme

COLUMNS = ("Repère", "Matière", "Intitulé court", "Unité", "1re année", "2e année", "Total")
# Other headings that people write for the same column.
NAMES = {
    "repere": "code", "code": "code",
    "matiere": "title", "matieres": "title", "intitule": "title", "enseignement": "title",
    "intitule court": "short_title",
    "unite": "unite",
    "1re annee": "hours_year_1", "1ere annee": "hours_year_1", "annee 1": "hours_year_1",
    "2e annee": "hours_year_2", "2eme annee": "hours_year_2", "annee 2": "hours_year_2",
    "total": "total",
}  # fmt: skip
NEEDED = {"title": "Matière", "hours_year_1": "1re année", "hours_year_2": "2e année"}
MOST_ROWS = 200
MOST_UNPACKED = 20_000_000


@dataclass(slots=True)
class Sheet:
    """The rows read, and every problem with its line."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def model_sheet(programme: CfaProgramme) -> bytes:
    """The present grid as a spreadsheet, totals as formulas."""
    book = Workbook()
    sheet = book.active
    sheet.title = "Heures"
    sheet.append(COLUMNS)
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for number, row in enumerate(programme.subjects.all(), 2):
        line = (row.code, row.title, row.short_title, row.unite_code)
        sheet.append(
            (*map(_safe, line), row.hours_year_1, row.hours_year_2, f"=E{number}+F{number}")
        )
    last = sheet.max_row
    sheet.append(("", "Total", "", "", *(f"=SUM({c}2:{c}{last})" for c in "EFG")))
    for column, width in zip("ABCDEFG", (18, 55, 28, 8, 12, 12, 12), strict=True):
        sheet.column_dimensions[column].width = width
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _safe(text: str) -> str:
    """A text that a spreadsheet would take for a formula is quoted."""
    return f"'{text}" if text[:1] in "=+-@" else text


def read_sheet(name: str, raw: bytes) -> Sheet:
    """The lines of a spreadsheet; problems say their line and what to do."""
    sheet = Sheet()
    lower = name.lower()
    try:
        if lower.endswith(".xlsx"):
            table = _xlsx(raw)
        elif lower.endswith(".csv"):
            table = _csv(raw)
        else:
            raise ValueError("Déposez un classeur .xlsx ou un fichier .csv.")
    except ValueError as error:
        sheet.problems.append(str(error))
        return sheet
    _read(table, sheet)
    return sheet


def _xlsx(raw: bytes) -> list[list[Any]]:
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            if sum(info.file_size for info in archive.infolist()) > MOST_UNPACKED:
                raise ValueError("Le classeur est trop volumineux une fois ouvert.")
        book = load_workbook(io.BytesIO(raw), read_only=True, data_only=True)
        rows = book.worksheets[0].iter_rows(max_row=MOST_ROWS + 2, max_col=20, values_only=True)
        return [list(row) for row in rows]
    except ValueError:
        raise
    except Exception as error:  # openpyxl raises whatever the damaged XML makes it meet
        raise ValueError(
            "Ce classeur ne peut pas être lu : enregistrez-le de nouveau en .xlsx."
        ) from error


def _csv(raw: bytes) -> list[list[Any]]:
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            text = raw.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise ValueError("Ce fichier n'est pas un texte : enregistrez-le en CSV UTF-8.")
    separator = ";" if text.split("\n", 1)[0].count(";") else ","
    try:
        return list(csv.reader(io.StringIO(text), delimiter=separator))[: MOST_ROWS + 2]
    except csv.Error as error:
        raise ValueError("Ce fichier CSV ne peut pas être lu.") from error


def _read(table: list[list[Any]], sheet: Sheet) -> None:
    head = next((n for n, row in enumerate(table) if _columns(row).keys() >= NEEDED.keys()), None)
    if head is None:
        sheet.problems.append(
            f"Aucune ligne de titres avec {', '.join(f'« {name} »' for name in NEEDED.values())}."
        )
        return
    columns = _columns(table[head])
    sums = [Decimal(0), Decimal(0)]
    titles: set[str] = set()
    for number, cells in enumerate(table[head + 1 :], head + 2):
        if not any(str(cell or "").strip() for cell in cells):
            continue
        if number > MOST_ROWS:
            sheet.problems.append(f"Le classeur dépasse {MOST_ROWS} lignes.")
            return
        _line(number, cells, columns, sheet, sums, titles)
    if not sheet.rows and not sheet.problems:
        sheet.problems.append("Le classeur ne contient aucune matière.")


def _columns(row: list[Any]) -> dict[str, int]:
    found: dict[str, int] = {}
    for index, cell in enumerate(row):
        if name := NAMES.get(plain(str(cell or ""))):
            found.setdefault(name, index)
    return found


def _line(
    number: int,
    cells: list[Any],
    columns: dict[str, int],
    sheet: Sheet,
    sums: list[Decimal],
    titles: set[str],
) -> None:
    def cell(name: str) -> Any:
        index = columns.get(name)
        return cells[index] if index is not None and index < len(cells) else None

    title = str(cell("title") or "").strip().removeprefix("'")
    hours = [
        _hours(cell(name), f"Ligne {number}, « {NEEDED[name]} »", sheet)
        for name in ("hours_year_1", "hours_year_2")
    ]
    if None in hours:
        return
    values = [value for value in hours if value is not None]
    if plain(title) in {"total", "totaux"}:
        # A formula that no spreadsheet program has computed yet comes out empty.
        printed = [cell(name) not in (None, "") for name in ("hours_year_1", "hours_year_2")]
        if any(said and a != b for said, a, b in zip(printed, values, sums, strict=True)):
            told = " et ".join(number_words(value) for value in sums)
            sheet.problems.append(f"Ligne {number} : le total ne fait pas la somme ({told}).")
        return
    total = cell("total")
    if total not in (None, ""):
        said = _hours(total, f"Ligne {number}, « Total »", sheet)
        if said is not None and said != sum(values):
            sheet.problems.append(
                f"Ligne {number} : {number_words(values[0])} + {number_words(values[1])} ne font pas "
                f"{number_words(said)}."
            )
    if not title:
        sheet.problems.append(f"Ligne {number} : la matière n'a pas d'intitulé.")
    elif title in titles:
        sheet.problems.append(f"Ligne {number} : « {title[:60]} » revient deux fois.")
    titles.add(title)
    sums[0] += values[0]
    sums[1] += values[1]
    sheet.rows.append(
        {
            "code": str(cell("code") or "").strip()[:50],
            "title": title[:200],
            "short_title": str(cell("short_title") or "").strip()[:60] or title[:60],
            "unite": str(cell("unite") or "").strip()[:8],
            "hours_year_1": values[0],
            "hours_year_2": values[1],
        }
    )


def _hours(value: Any, where: str, sheet: Sheet) -> Decimal | None:
    if value in (None, ""):
        return Decimal(0)
    if isinstance(value, bool):
        sheet.problems.append(f"{where} : un nombre d'heures est attendu.")
        return None
    text = str(value).replace("\u202f", "").replace("\xa0", "").replace(" ", "").replace(",", ".")
    try:
        number = Decimal(text.lower().removesuffix("h"))
    except InvalidOperation:
        number = Decimal("nan")
    if not number.is_finite() or not 0 <= number <= 9999:
        sheet.problems.append(
            f"{where} : « {str(value)[:40]} » n'est pas un nombre d'heures de 0 à 9999."
        )
        return None
    rounded = number.quantize(Decimal("0.01"))
    if rounded != number:
        sheet.problems.append(f"{where} : deux décimales au plus.")
        return None
    return rounded
