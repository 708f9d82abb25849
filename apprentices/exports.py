"""A table as a file for a spreadsheet, in which no cell can start a formula."""

import csv
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

# A spreadsheet runs what begins so (OWASP, CSV injection).
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def safe_text(value: Any) -> str:
    """The text of a cell, with an apostrophe before what would start a formula."""
    if value is None:
        return ""
    if isinstance(value, Decimal | float):
        return str(value).replace(".", ",")  # 12.5 would be read as the 12th of May
    text = f"{value:%d/%m/%Y}" if isinstance(value, date) else str(value)
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def to_csv(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """Semicolons and a BOM: what a French spreadsheet opens as a table."""
    out = StringIO()
    writer = csv.writer(out, delimiter=";")
    writer.writerow(safe_text(cell) for cell in header)
    writer.writerows([safe_text(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def to_xlsx(title: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """One sheet; dates and numbers keep their type, everything else is text."""
    book = Workbook()
    sheet = book.active
    sheet.title = title[:31]
    sheet.append(list(header))
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    sheet.freeze_panes = "A2"
    for number, row in enumerate(rows, start=2):
        for column, value in enumerate(row, start=1):
            cell = sheet.cell(number, column)
            if isinstance(value, date | int | float | Decimal):
                cell.value = value
            else:
                cell.value = safe_text(value)
                cell.data_type = "s"
    for column in range(1, len(header) + 1):
        sheet.column_dimensions[get_column_letter(column)].width = 20
    out = BytesIO()
    book.save(out)
    return out.getvalue()
