"""Recomputing a centre's chain, and comparing the tables with what the chain tells."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

from django.utils import timezone

from accounts.models import Cfa
from accounts.signatures import digest as signature_digest

from ..enums import ProofKind, SheetState, SignatureKind
from ..models import (
    AttendanceSheet,
    Presence,
    ProofCheck,
    ProofEvent,
    ProofHead,
    SheetVersion,
    Signature,
)
from ..rules import chain
from .anchors import anchors_of
from .content import sheet_facts, signature_facts
from .key import proof_key

BATCH = 1000
SHEETS = 200
KEPT = 50  # problems shown; the others are counted
FIELDS = ("sequence", "kind", "payload", "payload_sha256", "previous", "hash", "seal")


@dataclass
class Report:
    """What one verification saw. `problems`: in the order found, the first ones only."""

    cfa: Cfa
    started_at: datetime
    events: int = 0
    signatures: int = 0
    sheets: int = 0
    last_hash: str = chain.GENESIS
    problems: list[dict[str, Any]] = field(default_factory=list)
    problem_count: int = 0

    def add(self, message: str, *, event: int | None = None, sheet: str = "") -> None:
        self.problem_count += 1
        if len(self.problems) < KEPT:
            self.problems.append({"message": message, "event": event, "sheet": sheet})

    @property
    def first(self) -> dict[str, Any] | None:
        return self.problems[0] if self.problems else None


@dataclass
class _Told:
    """What the chain tells, gathered on the way for the comparison with the tables."""

    signatures: dict[str, tuple[int, str, str]] = field(default_factory=dict)
    contents: dict[str, dict[int, tuple[int, str]]] = field(default_factory=dict)
    corrections: dict[str, str] = field(default_factory=dict)
    state: dict[str, str] = field(default_factory=dict)


def verify(cfa: Cfa) -> Report:
    """Read the whole chain of a centre and its sheets; nothing is written."""
    report = Report(cfa=cfa, started_at=timezone.now())
    told = _read_chain(report)
    _check_signatures(report, told)
    _check_versions(report, told)
    _check_sheets(report, told)
    return report


def verify_and_note(cfa: Cfa) -> ProofCheck:
    """Verify and keep the outcome for the page."""
    report = verify(cfa)
    return ProofCheck.objects.create(
        cfa=cfa,
        started_at=report.started_at,
        events=report.events,
        signatures=report.signatures,
        sheets=report.sheets,
        last_hash=report.last_hash,
        problems=report.problems,
        problem_count=report.problem_count,
    )


def _read_chain(report: Report) -> _Told:
    """Each link against the one before it; a break is named once, and reading goes on after it."""
    key, told = proof_key(), _Told()
    anchors = anchors_of(report.cfa)
    number, previous = 1, chain.GENESIS
    rows = (
        ProofEvent.objects.filter(cfa=report.cfa)
        .order_by("sequence")
        .values_list(*FIELDS, "sheet__uuid", "presence__uuid")
    )
    for *columns, sheet, presence in rows.iterator(chunk_size=BATCH):
        link = chain.Link(*columns)
        problem = chain.link_problem(link, number=number, previous=previous, key=key)
        content = _content_of(link)
        if not problem:
            problem = _column_problem(link, content, sheet, presence)
        if not problem and anchors.pop(link.sequence, link.hash) != link.hash:
            problem = "réécriture : une ancre écrite hors de la base donne une autre empreinte"
        if problem:
            report.add(problem, event=link.sequence, sheet=str(sheet or ""))
        _tell(told, link, content)
        report.events += 1
        number, previous = link.sequence + 1, link.hash
    head = ProofHead.objects.filter(cfa=report.cfa).first()
    last = number - 1
    if head is None:
        if last:
            report.add("suppression : la tête de la chaîne manque", event=last)
    elif head.sequence > last:
        report.add(
            f"suppression : la chaîne finit au n° {last} au lieu du n° {head.sequence}",
            event=last + 1,
        )
    elif (head.sequence, head.hash) != (last, previous):
        report.add("insertion : la tête de la chaîne n'a pas vu cet événement", event=last)
    elif last and head.seal != chain.head_seal(key, last, previous):
        report.add("réécriture : la tête de la chaîne n'a pas été scellée ici", event=last)
    if beyond := [sequence for sequence in anchors if sequence > last]:
        report.add(
            f"suppression : une ancre écrite hors de la base va jusqu'au n° {max(beyond)}",
            event=last + 1,
        )
    report.last_hash = previous
    return told


def _content_of(link: chain.Link) -> dict[str, Any]:
    try:
        content = json.loads(link.payload)
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}


def _column_problem(link: chain.Link, content: dict, sheet: Any, presence: Any) -> str:
    """The columns that pages search by say the same as the hashed text."""
    if content.get("kind") != link.kind:
        return "modification : la nature de l'événement n'est plus celle de son contenu"
    if content.get("sheet") != str(sheet):
        return (
            "modification : l'événement est rattaché à une autre feuille que celle de son contenu"
        )
    if content.get("presence") != (str(presence) if presence else None):
        return (
            "modification : l'événement est rattaché à une autre présence que celle de son contenu"
        )
    return ""


def _tell(told: _Told, link: chain.Link, content: dict[str, Any]) -> None:
    sheet = str(content.get("sheet"))
    facts = content.get("signature")
    if isinstance(facts, dict):
        text = chain.digest(chain.canonical(facts))
        told.signatures[str(facts.get("signature"))] = (link.sequence, text, sheet)
    if link.kind == ProofKind.CLOSE:
        told.contents.setdefault(sheet, {})[int(content.get("version", 0))] = (
            link.sequence,
            str(content.get("content_sha256")),
        )
        told.state[sheet] = SheetState.CLOSED
        for presence in [p for p, s in told.corrections.items() if s.startswith(f"{sheet}:")]:
            del told.corrections[presence]  # the new closing froze them
    elif link.kind in (ProofKind.OPEN, ProofKind.REOPEN):
        told.state[sheet] = SheetState.OPEN
    elif link.kind == ProofKind.CORRECT and told.state.get(sheet) == SheetState.CLOSED:
        told.corrections[str(content.get("presence"))] = f"{sheet}:{content.get('after')}"


def _signatures_of(cfa: Cfa) -> Iterator[Signature]:
    """Those of the sheets: of apprentices, of trainers, of trainers on earlier closings."""
    path, seen = "session__cohort__cfa", set()
    for place in ("presence__sheet", "countersigned_version__sheet", "countersigned_sheet"):
        found = Signature.objects.filter(**{f"{place}__{path}": cfa}).order_by("pk")
        for signature in found.iterator(chunk_size=BATCH):
            if place == "countersigned_version__sheet":
                seen.add(signature.pk)
            if place != "countersigned_sheet" or signature.pk not in seen:
                yield signature


def _check_signatures(report: Report, told: _Told) -> None:
    seen = set()
    for signature in _signatures_of(report.cfa):
        report.signatures += 1
        name = str(signature.uuid)
        seen.add(name)
        who = f"la signature de {signature.signer_label} ({name})"
        event, facts, sheet = told.signatures.get(name, (None, "", ""))
        if event is None:
            report.add(f"insertion : {who} n'est dans aucun événement")
        elif _own_digest(signature) != signature.sha256:
            report.add(
                f"modification : le tracé de {who} ne correspond plus à son empreinte",
                event=event,
                sheet=sheet,
            )
        elif chain.digest(chain.canonical(signature_facts(signature))) != facts:
            report.add(
                f"modification : {who} ne dit plus ce que dit l'événement", event=event, sheet=sheet
            )
    for name, (event, _facts, sheet) in told.signatures.items():
        if name not in seen:
            report.add(
                f"suppression : la signature {name} n'existe plus sur sa feuille",
                event=event,
                sheet=sheet,
            )


def _own_digest(signature: Signature) -> str:
    if signature.kind == SignatureKind.DRAWN:
        return signature_digest(strokes=signature.strokes)
    if signature.kind == SignatureKind.TYPED:
        return signature_digest(typed_name=signature.typed_name)
    return signature.sha256  # on paper: the scan's own hash is in the event


def _check_versions(report: Report, told: _Told) -> None:
    versions = (
        SheetVersion.objects.filter(sheet__session__cohort__cfa=report.cfa)
        .order_by("pk")
        .values_list("sheet__uuid", "number", "content", "sha256")
    )
    seen: dict[str, set[int]] = {}
    for sheet, number, content, sha256 in versions.iterator(chunk_size=BATCH):
        event, frozen = told.contents.get(str(sheet), {}).get(number, (None, ""))
        seen.setdefault(str(sheet), set()).add(number)
        if event is None:
            report.add(
                f"insertion : la clôture {number} n'est dans aucun événement", sheet=str(sheet)
            )
        elif not chain.digest(content) == sha256 == frozen:
            report.add(
                f"modification : le contenu figé à la clôture {number} a changé",
                event=event,
                sheet=str(sheet),
            )
    for sheet_uuid, closings in told.contents.items():
        for number, (event, _frozen) in closings.items():
            if number not in seen.get(sheet_uuid, set()):
                report.add(
                    f"suppression : le contenu figé à la clôture {number} manque",
                    event=event,
                    sheet=sheet_uuid,
                )


def _check_sheets(report: Report, told: _Told) -> None:
    """A closed sheet says in the tables what it said when it was closed."""
    sheets = AttendanceSheet.objects.filter(session__cohort__cfa=report.cfa).order_by("pk")
    left = dict(told.state)
    for chunk in _chunks(sheets.select_related("session").iterator(chunk_size=SHEETS)):
        rows: dict[int, list[Presence]] = {sheet.pk: [] for sheet in chunk}
        for presence in Presence.objects.filter(sheet__in=rows).select_related(
            "enrolment", "signature"
        ):
            rows[presence.sheet_id].append(presence)
        frozen = _last_contents([sheet.pk for sheet in chunk])
        for sheet in chunk:
            report.sheets += 1
            name = str(sheet.uuid)
            state = left.pop(name, None)
            if state is None:
                report.add("insertion : aucun événement n'ouvre cette feuille", sheet=name)
            elif state != sheet.state:
                report.add(
                    f"modification : la feuille est « {sheet.get_state_display().lower()} », "
                    "la chaîne dit autre chose",
                    sheet=name,
                )
            elif sheet.state == SheetState.CLOSED and sheet.pk in frozen:
                _compare(report, told, sheet, rows[sheet.pk], json.loads(frozen[sheet.pk])["facts"])
    for name in left:
        report.add("suppression : la feuille n'existe plus", sheet=name)


def _chunks(sheets: Iterable[AttendanceSheet]) -> Iterator[list[AttendanceSheet]]:
    remaining = iter(sheets)
    while chunk := list(islice(remaining, SHEETS)):
        yield chunk


def _last_contents(sheets: list[int]) -> dict[int, str]:
    """The newest closing of each sheet."""
    return dict(
        SheetVersion.objects.filter(sheet__in=sheets)
        .order_by("sheet", "number")
        .values_list("sheet", "content")
    )


def _compare(
    report: Report,
    told: _Told,
    sheet: AttendanceSheet,
    presences: list[Presence],
    frozen: dict[str, Any],
) -> None:
    name, now = str(sheet.uuid), sheet_facts(sheet, presences)
    event = max((n for n, _ in told.contents.get(name, {}).values()), default=None)
    for key in sorted(set(frozen) - {"rows"}):
        if frozen[key] != now.get(key):
            report.add(
                f"modification : « {key} » de la feuille close est passé de {frozen[key]} à "
                f"{now.get(key)}",
                event=event,
                sheet=name,
            )
    before = {row["presence"]: row for row in frozen["rows"]}
    after = {row["presence"]: row for row in now["rows"]}
    for presence in sorted(before.keys() | after.keys()):
        old, new = before.get(presence), after.get(presence)
        if new is None:
            message = "suppression : une présence de la feuille close manque"
        elif old is None:
            message = "insertion : une présence a été ajoutée à la feuille close"
        else:
            corrected = told.corrections.get(presence)
            if corrected is not None:
                old = {**old, "state": corrected.partition(":")[2], "reason": new["reason"]}
            changed = [key for key in old if old[key] != new[key]]
            if not changed:
                continue
            message = f"modification : {', '.join(changed)} d'une présence de la feuille close"
        report.add(f"{message} ({presence})", event=event, sheet=name)
