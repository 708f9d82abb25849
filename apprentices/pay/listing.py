"""A list of contracts in a CSV file to their pay schedules, line by line.

A wrong line is reported with its number and the others are computed.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from io import StringIO
from typing import Any

from ..enums import ContractKind
from ..tables import NoValueError, PayTables, pay_tables
from .schedule import pay_schedule
from .terms import PayTerms, PayTermsError, Schedule, Segment

NEEDED = ("contrat", "type", "naissance", "debut", "fin", "cycle_mois")
OPTIONAL = (
    "smc",
    "taux_plancher",
    "majoration_15",
    "rqth",
    "bac_professionnel",
    "mayotte",
)
YES, NO = frozenset(("oui", "o", "1")), frozenset(("", "non", "n", "0"))
KINDS = {kind.value: kind for kind in ContractKind}
MOST_BYTES = 20_000_000


class ListingError(ValueError):
    """The file cannot be read at all; the message is French and says what to do."""


class _LineError(ValueError):
    pass


@dataclass(frozen=True, slots=True)
class Result:
    """One line of the file: its schedule, or why it has none."""

    line: int
    contract: str
    schedule: Schedule | None
    error: str = ""


def read_text(data: bytes) -> str:
    """The text of a spreadsheet's CSV: UTF-8, with or without a mark, else Windows-1252."""
    if len(data) > MOST_BYTES:
        raise ListingError("Le fichier dépasse 20 Mo : coupez-le en plusieurs.")
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise ListingError(
        "Ce fichier n'est pas un texte CSV : dans le tableur, enregistrez-le au format CSV UTF-8."
    )


def schedules_of(text: str, tables: PayTables | None = None) -> Iterator[Result]:
    """The result of each line, in the order of the file."""
    tables = tables or pay_tables()
    first = text.split("\n", 1)[0]
    delimiter = max(";,\t", key=first.count)
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter)
    try:
        header = [name.strip().lower() for name in next(reader)]
    except (StopIteration, csv.Error):
        raise ListingError("Le fichier est vide : sa première ligne nomme les colonnes.") from None
    _check_header(header)
    number = reader.line_num
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            number = reader.line_num
            yield Result(number, "", None, f"ligne illisible ({error})")
            continue
        number += 1
        line, number = number, reader.line_num
        if not any(cell.strip() for cell in cells):
            continue
        row = dict(zip(header, (cell.strip() for cell in cells), strict=False))
        name = row.get("contrat", "")
        try:
            if len(cells) > len(header) and any(cell.strip() for cell in cells[len(header) :]):
                raise _LineError("plus de cellules que de colonnes")
            yield Result(line, name, pay_schedule(_terms(row), tables))
        except (_LineError, PayTermsError, NoValueError) as error:
            yield Result(line, name, None, str(error))


def _check_header(header: list[str]) -> None:
    if missing := [name for name in NEEDED if name not in header]:
        raise ListingError(
            f"Il manque la colonne {', '.join(missing)}. Colonnes attendues : "
            f"{', '.join(NEEDED)} ; facultatives : {', '.join(OPTIONAL)}."
        )
    if unknown := [name for name in header if name and name not in (*NEEDED, *OPTIONAL)]:
        raise ListingError(
            f"Colonne inconnue : {', '.join(unknown)}. Facultatives : {', '.join(OPTIONAL)}."
        )
    if len(set(header)) != len(header):
        raise ListingError("Une colonne est nommée deux fois.")


def _terms(row: dict[str, str]) -> PayTerms:
    if not row.get("contrat"):
        raise _LineError("contrat : la colonne est vide")
    kind = KINDS.get(row.get("type", "").lower())
    if kind is None:
        raise _LineError("type : « apprentissage » ou « professionnalisation »")
    return PayTerms(
        born_on=_day(row, "naissance"),
        starts_on=_day(row, "debut"),
        ends_on=_day(row, "fin"),
        cycle_months=_months(row),
        smc=_decimal(row, "smc"),
        kind=kind,
        floor_rate=_decimal(row, "taux_plancher"),
        plus_15=_yes(row, "majoration_15"),
        rqth=_yes(row, "rqth"),
        bac_professionnel=_yes(row, "bac_professionnel"),
        mayotte=_yes(row, "mayotte"),
    )


def _day(row: dict[str, str], name: str) -> date:
    raw = row.get(name, "")
    parts = raw.split("/")
    try:
        if len(parts) != 3 or len(parts[2]) != 4 or not raw.isascii():
            raise ValueError
        day = date(int(parts[2]), int(parts[1]), int(parts[0]))
    except ValueError:
        raise _LineError(f"{name} : « {raw} » n'est pas une date JJ/MM/AAAA") from None
    if not 1900 <= day.year <= 2100:
        raise _LineError(f"{name} : « {raw} » est hors de 1900 à 2100")
    return day


def _months(row: dict[str, str]) -> int:
    raw = row.get("cycle_mois", "")
    if not (raw.isascii() and raw.isdigit() and len(raw) <= 3):
        raise _LineError(f"cycle_mois : « {raw} » n'est pas un nombre entier de mois")
    return int(raw)


def _decimal(row: dict[str, str], name: str) -> Decimal | None:
    raw = row.get(name, "").replace("\u00a0", "").replace("\u202f", "").replace(" ", "")
    raw = raw.rstrip("%€").replace(",", ".")
    if not raw:
        return None
    try:
        value = Decimal(raw)
    except InvalidOperation:
        value = Decimal("NaN")
    if not (value.is_finite() and raw.isascii() and abs(value) < 10**6):
        raise _LineError(f"{name} : « {row[name]} » n'est pas un nombre")
    return value


def _yes(row: dict[str, str], name: str) -> bool:
    raw = row.get(name, "").lower()
    if raw in YES:
        return True
    if raw in NO:
        return False
    raise _LineError(f"{name} : « {raw} » n'est ni oui ni non")


def as_json(result: Result) -> dict[str, Any]:
    """What `--format json` writes for one line: the contract and its segments.

    A wrong line keeps its place, with its number, its error and no segment; a remark (a SMIC not
    published yet, fifteen points not due) is added only when there is one.
    """
    if result.schedule is None:
        return {
            "contrat": result.contract,
            "segments": [],
            "ligne": result.line,
            "erreur": result.error,
        }
    out: dict[str, Any] = {
        "contrat": result.contract,
        "segments": [segment_json(segment) for segment in result.schedule.segments],
    }
    if result.schedule.remarks:
        out["remarques"] = list(result.schedule.remarks)
    return out


def segment_json(segment: Segment) -> dict[str, Any]:
    """One segment with its French names; euros are null when the SMIC is not published yet."""
    return {
        "du": french(segment.starts_on),
        "au": french(segment.ends_on),
        "annee": segment.year,
        "taux": number(segment.rate),
        "base": segment.base.upper(),
        "euros": None if segment.monthly is None else float(segment.monthly),
    }


def french(day: date) -> str:
    return f"{day.day:02}/{day.month:02}/{day.year:04}"


def number(value: Decimal) -> int | float:
    """A whole percentage without decimals."""
    return int(value) if value == value.to_integral_value() else float(value)
