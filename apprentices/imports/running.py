"""The dry run and the import: the same rows through the same actions, kept only when all are right.

A dry run writes everything in a transaction and rolls it back: what it accepts, the import accepts.
"""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.errors import DomainError
from accounts.history import record

from ..communes import plain
from ..enums import ImportKind, ImportState
from ..models import ImportBatch
from .fields import columns_of
from .reading import read_table
from .rows import Context, RowProblem, RowRefused, read_row, write_row

MOST_PROBLEMS = 500
PERSON = frozenset(("last_name", "first_name", "born_on"))
# What makes a line the same as another: a company's maître may differ from line to line.
KEYS: dict[str, frozenset[str]] = {
    ImportKind.APPRENTICES: PERSON,
    ImportKind.COMPANIES: frozenset(("siret", "maitre_last_name", "maitre_first_name")),
    ImportKind.CONTRACTS: PERSON | {"starts_on"},
}
CONCERNS = {"weekly_minutes": "weekly_hours", "user": "email", "enters_on": "enters_on"}


def run_import_item(item: Any) -> None:
    """A job's item: {"batch": uuid, "write": bool}. Done twice, it does nothing the second time."""
    batch = ImportBatch.objects.filter(uuid=item.arguments["batch"]).first()
    expected = ImportState.WRITING if item.arguments["write"] else ImportState.CHECKING
    if batch and batch.state == expected:
        run(batch, write=item.arguments["write"])


def note_import_error(item: Any, message: str, final: bool) -> None:
    """The engine gave up: the batch says so, nothing of it was written."""
    if final:
        ImportBatch.objects.filter(uuid=item.arguments["batch"]).exclude(
            state=ImportState.DONE
        ).update(state=ImportState.FAILED, problems=[asdict(RowProblem(0, "", message))])


def run(batch: ImportBatch, *, write: bool) -> ImportBatch:
    """Check every row; write them all when asked and when none is wrong."""
    with batch.file.open("rb") as stream:
        table = read_table(stream.read(), batch.file_name)
    with transaction.atomic():
        # So that two workers never write the same file.
        locked = ImportBatch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
        expected = ImportState.WRITING if write else ImportState.CHECKING
        if locked.state != expected:
            return locked
        created, updated, problems = _rows(locked, table)
        if problems or not write:
            transaction.set_rollback(True)
        else:
            locked.state, locked.finished_at = ImportState.DONE, timezone.now()
            locked.created, locked.updated, locked.problems = created, updated, []
            locked.save()
            record(
                "import.done",
                locked,
                cfa=locked.cfa,
                actor=locked.owner,
                data={"fichier": locked.file_name, "créées": created, "complétées": updated},
            )
            transaction.on_commit(lambda: _forget_file(locked))
    if problems or not write:
        locked.state = ImportState.REFUSED if problems else ImportState.READY
        locked.problems = [asdict(problem) for problem in problems]
        locked.created, locked.updated = created, updated
        locked.save(update_fields=["state", "problems", "created", "updated"])
    return locked


def _forget_file(batch: ImportBatch) -> None:
    """What was imported is in the records: the spreadsheet and its personal data go."""
    batch.file.delete(save=True)


def _rows(batch: ImportBatch, table) -> tuple[int, int, Sequence[RowProblem]]:
    context = Context(cfa=batch.cfa, by=batch.owner)
    titles = {name: title for title, name in batch.mapping.items() if name}
    told = {
        filled: titles[field.name]
        for field in columns_of(batch.kind)
        if field.name in titles
        for filled in (*field.fills, field.name)
    }
    places = {title: place for place, title in enumerate(table.header)}
    created = updated = 0
    problems: list[RowProblem] = []
    seen: dict[tuple, tuple[int, dict[str, Any]]] = {}
    for number, cells in table.rows:
        found: list[tuple[str, str]] = []
        try:
            texts = {name: cells[places[title]] for name, title in titles.items()}
            if not any(texts.values()):
                continue  # a row of the CFA's own columns, or of another subject
            values = read_row(batch.kind, texts)
            key = _key(batch.kind, values)
            earlier, said = seen.get(key, (number, {}))
            for name in sorted(said.keys() & values.keys() - _keys(batch.kind, values)):
                if said[name] != values[name]:
                    raise RowRefused((name, _contradiction(batch.kind, earlier, name)))
            if said and values.keys() <= said.keys():
                continue  # the same words twice: one line is enough
            seen[key] = (earlier, said | values)
            with transaction.atomic():
                if write_row(batch.kind, values, context):
                    created += 1
                else:
                    updated += 1
        except RowRefused as refused:
            found = list(refused.problems)
        except DomainError as error:
            findings = getattr(error, "findings", ())
            found = [(f.field, _numbered(f)) for f in findings] or [(error.field, error.message)]
        problems += [
            RowProblem(number, told.get(CONCERNS.get(name, name), _title(batch.kind, name)), text)
            for name, text in found
        ]
        if len(problems) >= MOST_PROBLEMS:
            text = f"Plus de {MOST_PROBLEMS} problèmes : la suite du fichier n'a pas été lue."
            problems.append(RowProblem(number, "", text))
            break
    return created, updated, problems


def _numbered(finding: Any) -> str:
    """The sentence of a check, with the number of its rule (V01…) when it has one."""
    rule = getattr(finding, "id", "")
    return f"{rule} : {finding.message}" if rule else finding.message


def _contradiction(kind: str, earlier: int, name: str) -> str:
    return (
        f"Cette ligne répète la ligne {earlier}, mais n'y dit pas la même chose "
        f"({_title(kind, name)}) : gardez une seule des deux lignes."
    )


def _keys(kind: str, values: dict[str, Any]) -> frozenset[str]:
    """The fields that name the person, the maître or the contract of a line."""
    if kind == ImportKind.COMPANIES and not values.get("siret"):
        return KEYS[kind] | {"name", "city"}
    return KEYS[kind]


def _key(kind: str, values: dict[str, Any]) -> tuple:
    """Two lines with this key speak of the same one."""
    names = sorted(_keys(kind, values))
    return tuple((name, plain(str(values.get(name, "")))) for name in names)


def _title(kind: str, name: str) -> str:
    return next((field.title for field in columns_of(kind) if field.name == name), "")
