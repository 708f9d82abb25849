"""The empty spreadsheet to fill in: one sheet of titles, one that explains each column."""

from io import BytesIO

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from .fields import FIELDS


def import_template(kind: str) -> bytes:
    """An XLSX whose first sheet is imported as it is; the cells are text, so that zeros stay."""
    book = Workbook()
    sheet = book.active
    sheet.title = "À remplir"
    for column, field in enumerate(FIELDS[kind], start=1):
        letter = get_column_letter(column)
        cell = sheet.cell(1, column, field.title)
        cell.font = Font(bold=field.is_required)
        sheet.column_dimensions[letter].width = max(14, len(field.title) + 2)
        sheet.column_dimensions[letter].number_format = "@"
        for row in range(2, 202):
            sheet.cell(row, column).number_format = "@"
    sheet.freeze_panes = "A2"
    aide = book.create_sheet("Aide")
    aide.append(["Colonne", "Obligatoire", "Exemple"])
    for cell in aide[1]:
        cell.font = Font(bold=True)
    for field in FIELDS[kind]:
        aide.append([field.title, "oui" if field.is_required else "non", field.example])
    for letter, width in (("A", 38), ("B", 14), ("C", 34)):
        aide.column_dimensions[letter].width = width
    out = BytesIO()
    book.save(out)
    return out.getvalue()
