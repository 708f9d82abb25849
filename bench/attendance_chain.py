"""Verification of a long chain of proofs: events, signatures and frozen sheets all recomputed."""

import argparse
import json
import time as clock
from datetime import UTC, date, datetime, time, timedelta
from io import StringIO

import django

django.setup()

from django.apps import apps
from django.core.management import call_command
from django.db import transaction

from accounts.signatures import digest
from attendance.enums import ProofKind
from attendance.models import (
    AttendanceSheet,
    Presence,
    ProofEvent,
    ProofHead,
    SheetVersion,
    Signature,
)
from attendance.proofs.content import freeze, moment, session_facts, signature_facts
from attendance.proofs.key import proof_key
from attendance.proofs.verify import verify
from attendance.rules import chain
from bench.attendance_data import add_trainers, make_centre, plan, stroke

SIZE = 18  # apprentices of a sheet
EACH = SIZE + 3  # opening, signatures, countersignature, closing
FIRST = date(2024, 9, 2)


class Writer:
    """Makes links as attendance.proofs.append does, many at a time."""

    def __init__(self, cfa):
        self.cfa, self.key = cfa, proof_key()
        self.sequence, self.hash = 0, chain.GENESIS
        self.rows: list[ProofEvent] = []

    def add(self, kind, sheet, session, at, presence=None, **data):
        payload = chain.canonical(
            {
                "kind": str(kind),
                "sheet": str(sheet.uuid),
                "presence": str(presence.uuid) if presence else None,
                "happened_at": moment(at),
                **session_facts(session),
                **data,
            }
        )
        self.sequence += 1
        link = chain.make_link(
            key=self.key, sequence=self.sequence, previous=self.hash, kind=kind, payload=payload
        )
        self.hash = link.hash
        self.rows.append(
            ProofEvent(
                cfa=self.cfa, sequence=link.sequence, kind=kind, sheet=sheet, presence=presence,
                payload=payload, payload_sha256=link.payload_sha256, previous=link.previous,
                hash=link.hash, seal=link.seal,
            )
        )  # fmt: skip

    def flush(self):
        ProofEvent.objects.bulk_create(self.rows, batch_size=2000)
        self.rows.clear()
        ProofHead.objects.update_or_create(
            cfa=self.cfa,
            defaults={
                "sequence": self.sequence,
                "hash": self.hash,
                "seal": chain.head_seal(self.key, self.sequence, self.hash),
            },
        )


def sign(number: int, label: str, at: datetime) -> Signature:
    strokes = stroke(number)
    return Signature(
        signer_label=label, kind="drawn", method="own_phone", strokes=strokes, signed_at=at,
        sha256=digest(strokes=strokes),
    )  # fmt: skip


@transaction.atomic
def one_day(writer: Writer, cohorts, trainers, enrolments, day: date, number: int) -> int:
    """A sheet of each group on one day, signed and closed."""
    at = datetime(day.year, day.month, day.day, 8, 0, tzinfo=UTC)
    sessions = plan(cohorts, trainers, day, time(9), time(12, 30))
    sheets = AttendanceSheet.objects.bulk_create(
        AttendanceSheet(session=session, opened_at=at, opened_by=trainer)
        for session, trainer in zip(sessions, trainers, strict=True)
    )
    for sheet, session, trainer in zip(sheets, sessions, trainers, strict=True):
        writer.add(ProofKind.OPEN, sheet, session, at)
        signatures = Signature.objects.bulk_create(
            sign(number + n, "Alma Blin", at) for n in range(SIZE + 1)
        )
        number += SIZE + 1
        presences = Presence.objects.bulk_create(
            Presence(sheet=sheet, enrolment=enrolment, state="present", signature=signature)
            for enrolment, signature in zip(
                enrolments[session.cohort_id], signatures[:-1], strict=True
            )
        )
        for presence, signature in zip(presences, signatures, strict=False):
            facts = signature_facts(signature)
            writer.add(ProofKind.SIGN, sheet, session, at, presence, signature=facts)
        sheet.state, sheet.closed_at, sheet.closed_by = "closed", at, trainer
        sheet.trainer_signature, sheet.version = signatures[-1], 1
        facts = signature_facts(signatures[-1])
        writer.add(ProofKind.COUNTERSIGN, sheet, session, at, signature=facts)
        content, sha256 = freeze(sheet)
        SheetVersion.objects.create(
            sheet=sheet, number=1, content=content, sha256=sha256, closed_at=at, closed_by=trainer,
            trainer_signature=signatures[-1],
        )  # fmt: skip
        writer.add(ProofKind.CLOSE, sheet, session, at, version=1, content_sha256=sha256)
    AttendanceSheet.objects.bulk_update(
        sheets, ["state", "closed_at", "closed_by", "trainer_signature", "version"]
    )
    writer.flush()
    return number


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--events", type=int, default=200_000)
    wanted = parser.parse_args().events
    call_command("migrate", verbosity=0)
    data = apps.get_app_config("programmes").path + "/data"
    call_command("load_programmes", data, create_cfas=True, stdout=StringIO())
    groups = 40
    last = FIRST + timedelta(days=730)
    cfa, cohorts = make_centre(groups=groups, size=SIZE, first=FIRST, last=last)
    trainers = add_trainers(cfa, groups)
    enrolments: dict[int, list] = {
        cohort.pk: list(cohort.enrolments.select_related("apprentice")) for cohort in cohorts
    }
    writer, number, day = Writer(cfa), 0, FIRST
    begun = clock.perf_counter()
    while writer.sequence < wanted:
        number = one_day(writer, cohorts, trainers, enrolments, day, number)
        day += timedelta(days=1)
    built = clock.perf_counter() - begun
    begun = clock.perf_counter()
    report = verify(cfa)
    seconds = clock.perf_counter() - begun
    middle = ProofEvent.objects.get(cfa=cfa, sequence=writer.sequence // 2)
    ProofEvent.objects.filter(pk=middle.pk).update(payload=middle.payload + " ")
    first = verify(cfa).first
    print(
        json.dumps(
            {
                "bench": "vérification de la chaîne de preuve",
                "events": report.events,
                "signatures": report.signatures,
                "sheets": report.sheets,
                "problems": report.problem_count,
                "seconds": round(seconds, 1),
                "goal_seconds": 60,
                "events_per_second": round(report.events / seconds),
                "built_in_seconds": round(built, 1),
                "tampered": middle.sequence,
                "found": first and first["event"],
            },
            ensure_ascii=False,
        )
    )
    good = not report.problem_count and first and first["event"] == middle.sequence
    return 0 if good and seconds <= 60 else 1


if __name__ == "__main__":
    raise SystemExit(main())
