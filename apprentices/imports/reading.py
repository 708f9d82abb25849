"""A spreadsheet received, read into plain rows, or refused with a sentence that says what to do.

Pure: bytes in, `Table` out. A file may be hostile: its size, its number of rows and what it unpacks to
are bounded before anything is built from it.
"""

import csv
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from accounts.errors import DomainError

MOST_BYTES = 5 * 1024 * 1024
MOST_UNPACKED = 120 * 1024 * 1024
MOST_ROWS = 2000
MOST_COLUMNS = 100
LONGEST_CELL = 4000
SHOWN = 10  # cells named in a refusal
# What French text holds beyond ASCII: a file in another encoding shows something else.
FRENCH = set(
    "àâäáãåçéèêëíìîïñóòôöõúùûüýÿæœÀÂÄÁÃÅÇÉÈÊËÍÌÎÏÑÓÒÔÖÕÚÙÛÜÝŸÆŒ«»’‘“”…–—€°º²³·\u00a0\u202f"
)
AS_TEXT = re.compile(r'\A="([^"=]*)"\Z')  # ="0123": how exports keep the zeros of a number
MANGLED = re.compile("Ã[\u0080-\u00bf©¨ª«®¯´»¢¤§]|Â[°«»]|â€|\ufffd")


class UnreadableFile(DomainError):
    """The file as a whole is refused; nothing of it was read into the database."""

    def __init__(self, message: str):
        super().__init__(message, field="file")


@dataclass(frozen=True)
class Table:
    """Titles of the columns, and the rows that hold something with their number in the file."""

    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]


def read_table(content: bytes, name: str) -> Table:
    """The first sheet of an XLSX, or a CSV, with its titles; UnreadableFile when it cannot be read safely."""
    return _table(read_rows(content, name))


def read_rows(content: bytes, name: str) -> Iterator[tuple[int, list[str]]]:
    """Every line as it stands, with its number; UnreadableFile, also while they are read."""
    if not content:
        raise UnreadableFile("Ce fichier est vide.")
    if len(content) > MOST_BYTES:
        raise UnreadableFile("Ce fichier dépasse 5 Mo : partagez-le en plusieurs.")
    lower = name.lower()
    if content[:4] == b"\xd0\xcf\x11\xe0":
        raise UnreadableFile(
            "Ce classeur est protégé par un mot de passe ou dans l'ancien format .xls : "
            "enregistrez-le en .xlsx, sans mot de passe."
        )
    if content[:4] == b"PK\x03\x04":
        return _xlsx_rows(content)
    if lower.endswith((".xlsx", ".xlsm", ".xls", ".ods")):
        raise UnreadableFile(
            "Ce fichier n'est pas un vrai classeur .xlsx : enregistrez-le à nouveau depuis votre "
            "tableur, en .xlsx ou en CSV."
        )
    return _csv_rows(content)


def _table(rows: Iterable[tuple[int, list[str]]]) -> Table:
    header: tuple[str, ...] = ()
    others = False
    found: list[tuple[int, tuple[str, ...]]] = []
    for number, cells in rows:
        if not any(cells):
            continue
        if not header and not _are_titles(cells):
            others = True
            continue
        if not header:
            header = _header(cells)
            continue
        if len(found) == MOST_ROWS:
            raise UnreadableFile(
                f"Ce fichier compte plus de {MOST_ROWS} lignes : partagez-le en plusieurs fichiers "
                f"de {MOST_ROWS} lignes au plus."
            )
        if len(cells) > len(header) and any(cells[len(header) :]):
            raise UnreadableFile(
                f"La ligne {number} a plus de cellules que la ligne des titres : vérifiez le "
                "séparateur, ou donnez un titre à chaque colonne."
            )
        cells = (cells + [""] * len(header))[: len(header)]
        found.append((number, tuple(cells)))
    if not header and others:
        raise UnreadableFile(
            "Ce fichier n'a qu'une colonne : vérifiez le séparateur, et mettez une valeur par cellule."
        )
    if not header:
        raise UnreadableFile("Ce fichier est vide.")
    if not found:
        raise UnreadableFile("Ce fichier n'a que sa ligne de titres : ajoutez au moins une ligne.")
    return Table(header, tuple(found))


def _are_titles(cells: list[str]) -> bool:
    """Whether this row can hold the titles; one cell alone, above them, is the name of the list."""
    return sum(map(bool, cells)) > 1


def _header(cells: list[str]) -> tuple[str, ...]:
    while cells and not cells[-1]:
        cells.pop()
    titles = [cell.strip() for cell in cells]
    if len(titles) > MOST_COLUMNS:
        raise UnreadableFile(f"Ce fichier a plus de {MOST_COLUMNS} colonnes.")
    for place, title in enumerate(titles, start=1):
        if not title:
            raise UnreadableFile(
                f"La colonne {get_column_letter(place)} n'a pas de titre : la première ligne du "
                "fichier porte le titre de chaque colonne."
            )
    lower = [title.lower() for title in titles]
    if twice := next((t for t in titles if lower.count(t.lower()) > 1), None):
        raise UnreadableFile(f"Deux colonnes s'appellent « {twice} » : donnez-leur deux titres.")
    return tuple(titles)


# --- XLSX ---------------------------------------------------------------------------------------


def _xlsx_rows(content: bytes) -> Iterator[tuple[int, list[str]]]:
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            names = archive.namelist()
            if sum(info.file_size for info in archive.infolist()) > MOST_UNPACKED:
                raise UnreadableFile("Ce classeur est démesuré une fois ouvert : réduisez-le.")
            if "xl/workbook.xml" not in names:
                raise UnreadableFile(
                    "Ce fichier n'est pas un classeur .xlsx : enregistrez-le en .xlsx ou en CSV."
                )
            if any(name.endswith("vbaProject.bin") for name in names):
                raise UnreadableFile(
                    "Ce classeur contient des macros : enregistrez-le en .xlsx, sans macro."
                )
        book = load_workbook(BytesIO(content), read_only=True, data_only=False)
        titles_at = 0
        for number, cells in _sheet_rows(book.worksheets[0]):
            titles_at = titles_at or (number if _are_titles(cells) else 0)
            yield number, cells
        _refuse_merged(content, book.worksheets[0], titles_at)
    except (
        zipfile.BadZipFile,
        InvalidFileException,
        KeyError,
        IndexError,
        ValueError,
        OSError,
    ) as e:
        raise UnreadableFile(
            "Ce classeur est abîmé : ouvrez-le dans votre tableur et enregistrez-le à nouveau."
        ) from e


def _sheet_rows(sheet: Any) -> Iterator[tuple[int, list[str]]]:
    formulas: list[str] = []
    for number, row in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS + 1), start=1):
        cells = []
        for cell in row:
            if cell.data_type == "f" or (isinstance(cell.value, str) and cell.value[:1] == "="):
                formulas.append(f"{get_column_letter(cell.column)}{number}")
            cells.append(text_of(cell.value))
        if len(formulas) >= SHOWN:
            break
        yield number, cells
    _refuse_formulas(formulas)


def _refuse_formulas(places: list[str]) -> None:
    if places:
        raise UnreadableFile(
            f"Des cellules contiennent une formule ({', '.join(places[:SHOWN])}) : remplacez-les "
            "par leur valeur (copier, puis collage spécial des valeurs)."
        )


def _refuse_merged(content: bytes, sheet: Any, titles_at: int) -> None:
    """Merged cells hold one value for several; above the titles they hold the name of the list."""
    # The read-only reader does not tell them; they come after the rows, in the sheet's XML.
    with zipfile.ZipFile(BytesIO(content)) as archive:
        xml = archive.read(sheet._worksheet_path)
    merged = [
        m.decode("ascii", "replace") for m in re.findall(rb'<(?:\w+:)?mergeCell ref="([^"]+)"', xml)
    ]
    places = [ref for ref in merged if int(re.sub(r".*[A-Z]", "", ref) or 0) >= titles_at]
    if places:
        raise UnreadableFile(
            f"Des cellules sont fusionnées ({', '.join(places[:SHOWN])}) : défusionnez-les, une "
            "valeur par cellule."
        )


def text_of(value: Any) -> str:
    """A cell as text: a day as JJ/MM/AAAA, a whole number without decimals."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, datetime | date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, float):
        value = Decimal(repr(value))
        return str(value.to_integral_value()) if value == value.to_integral_value() else str(value)
    return " ".join(str(value)[:LONGEST_CELL].split())


# --- CSV ----------------------------------------------------------------------------------------


def _csv_rows(content: bytes) -> Iterator[tuple[int, list[str]]]:
    text = _decoded(content)
    first = "".join(text.lstrip("\ufeff\r\n").split("\n", 5)[:5])
    delimiter = max(";,\t", key=first.count)
    reader = csv.reader(StringIO(text), delimiter=delimiter, strict=True)
    formulas: list[str] = []
    try:
        for row in reader:
            row = [AS_TEXT.sub(r"\1", cell) for cell in row]
            if len(row) > MOST_COLUMNS:
                raise UnreadableFile(f"Ce fichier a plus de {MOST_COLUMNS} colonnes.")
            formulas += [
                f"{get_column_letter(place)}{reader.line_num}"
                for place, cell in enumerate(row, start=1)
                if cell[:1] == "="
            ]
            if len(formulas) >= SHOWN:
                break
            yield reader.line_num, [text_of(cell) for cell in row]
    except csv.Error as error:
        raise UnreadableFile(
            f"La ligne {reader.line_num} de ce CSV est mal formée (guillemet non refermé ?) : "
            "corrigez-la ou enregistrez le fichier en .xlsx."
        ) from error
    _refuse_formulas(formulas)


def _decoded(content: bytes) -> str:
    """UTF-8, UTF-16 with its mark, or Windows-1252 when it reads as French; otherwise refused."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        text = _try(content, "utf-16")
    else:
        text = _try(content, "utf-8-sig") or _try(content, "cp1252")
        if text and not _try(content, "utf-8-sig"):
            strange = next((c for c in text if ord(c) > 127 and c not in FRENCH), "")
            text = "" if strange else text
    if not text or "\x00" in text or any(ord(c) < 32 and c not in "\t\r\n" for c in text[:100_000]):
        raise UnreadableFile(
            "L'encodage de ce fichier n'est pas reconnu : enregistrez-le en « CSV UTF-8 » ou en "
            ".xlsx."
        )
    for number, line in enumerate(text.splitlines(), start=1):
        if MANGLED.search(line):
            raise UnreadableFile(
                f"Les accents de la ligne {number} sont abîmés (« {line.strip()[:40]} ») : ce "
                "fichier a été enregistré dans un mauvais encodage. Repartez de l'original."
            )
    return text


def _try(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeError:
        return ""
