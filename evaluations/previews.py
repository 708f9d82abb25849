"""The preview of a block of marks, pasted or read from a spreadsheet: the same for the two grids."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from accounts.errors import DomainError
from accounts.http import Request
from apprentices.imports.reading import MOST_BYTES, UnreadableFile, read_rows

from .headings import Column
from .pasting import CHANGED, MOST_LINES, Block, Cell, Line, Person, read_block, seen_values


@dataclass(frozen=True)
class Target:
    """The grid that receives the block: who and what it has, what it holds, how it is written."""

    people: Sequence[Person]
    columns: Sequence[Column]
    held: Mapping[tuple[str, str], str]  # (person, column) -> the mark of today
    check: Callable[[str, str, str], str | None]
    # Writes the marks recognised, all of them or nothing; returns how many changed.
    write: Callable[[Mapping[tuple[str, str], str]], int]
    action: str
    grid_url: str
    heading: str
    person: str  # what a line is: « Apprenti », « Candidat »


def _text(request: Request) -> str:
    """What was pasted, or the table of the file sent as one would paste it."""
    file = request.FILES.get("file")
    if file is None:
        return request.POST.get("text", "")
    if (file.size or 0) > MOST_BYTES:
        raise UnreadableFile("Ce fichier dépasse 5 Mo : gardez la seule feuille des notes.")
    # Each line stays where the spreadsheet shows it: the preview names it by that number.
    lines: list[str] = []
    for number, row in read_rows(file.read(), file.name or ""):
        if any(row):
            lines += [""] * (number - 1 - len(lines))
            lines.append("\t".join(cell.replace(";", " ") for cell in row))
        if len(lines) > MOST_LINES:
            break  # rows_of says it
    if not lines:
        raise UnreadableFile("Ce fichier est vide.")
    return "\n".join(lines)


def preview(request: Request, target: Target) -> HttpResponse:
    """Say what the block would write; on confirmation write it, unless the marks have moved meanwhile."""
    start, first = request.POST.get("start", ""), request.POST.get("first", "")
    text, block, error = "", Block((), (), ()), ""
    try:
        text = _text(request)
        block = read_block(
            text, target.people, target.columns, target.check, start=start, first=first
        )
        error = block.error
    except DomainError as refusal:
        error = refusal.message
    marks, seen = block.marks, seen_values(block, target.held)
    can_write = bool(marks) and not error
    if can_write and request.POST.get("confirm") == "1":
        if request.POST.get("seen") != seen:
            error = CHANGED
        else:
            try:
                count = target.write(marks)
            except DomainError as refusal:
                error = refusal.message
            else:
                s = "s" if count > 1 else ""
                messages.success(request, f"{count} note{s} changée{s} sur {len(marks)}.")
                return redirect(target.grid_url)
    context = {
        "target": target,
        "found": block,  # in a template, `block` is the template's own
        "lines": [(line, _cells(line, block, target)) for line in block.shown],
        "matched": len(marks),
        "can_write": can_write,
        "error": error,
        "seen": seen,
        "text": text,
        "start": start,
        "first": first,
    }
    return render(request, "evaluations/paste.html", context, status=422 if error else 200)


def _cells(line: Line, block: Block, target: Target) -> list[tuple[Cell | None, str]]:
    """One cell for each column of the preview, with the mark that it would replace."""
    by_column = {cell.column.key: cell for cell in line.cells}
    found = []
    for column in block.columns:
        before = target.held.get((line.person.key, column.key), "") if line.person else ""
        found.append((by_column.get(column.key), before))
    return found
