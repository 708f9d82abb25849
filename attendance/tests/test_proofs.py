"""The chain of proofs: what it holds, and each way of tampering with it, detected and named."""

import json
import uuid
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import F

from accounts.errors import DomainError, NotAllowed
from attendance.actions import (
    add_guest,
    countersign_sheet,
    expect_again,
    mark_absent,
    open_sheet,
    reopen_sheet,
    sign_presence,
)
from attendance.enums import PresenceState, SheetState
from attendance.models import (
    Absence,
    AttendanceSheet,
    ClassSession,
    Presence,
    ProofEvent,
    ProofHead,
    SheetVersion,
    Signature,
)
from attendance.proofs import note_correction
from attendance.proofs.key import proof_key
from attendance.proofs.verify import verify
from attendance.rules import chain

from .recipes import MONDAY, at, own_phone, strokes, trainer_device


@pytest.fixture
def sheet(school):
    """Closed: Aïcha signed, Léa is absent."""
    school.lea = school.enrol("Léa", "Petit")
    sheet = open_sheet(session=school.session(), by=school.cast.bruno, at=at(8, 55))
    sign_presence(presence=school.presence(sheet), **own_phone(school.cast.aicha), at=at(9, 2))
    return countersign_sheet(sheet=sheet, **trainer_device(school.cast.bruno), at=at(12, 30))


def kinds(sheet) -> list[str]:
    return list(sheet.proof_events.order_by("sequence").values_list("kind", flat=True))


def test_each_event_of_a_sheet_is_a_link_and_the_chain_is_whole(school, sheet):
    assert kinds(sheet) == ["open", "sign", "countersign", "close"]
    reopen_sheet(sheet=sheet, by=school.cast.elise, reason="Léa était là", at=at(14))
    absent = sheet.presences.get(enrolment=school.lea)
    expect_again(presence=absent, by=school.cast.bruno)
    sign_presence(presence=absent, **trainer_device(school.cast.bruno, 5), at=at(14, 5))
    countersign_sheet(sheet=sheet, **trainer_device(school.cast.bruno, 6), at=at(14, 10))
    assert kinds(sheet)[4:] == ["reopen", "correct", "sign", "countersign", "close"]
    report = verify(school.cast.cfa)
    assert report.problems == []
    assert (report.events, report.signatures, report.sheets) == (9, 4, 1)
    first, second = sheet.versions.order_by("number")
    assert '"state":"absent"' in first.content
    assert '"state":"absent"' not in second.content
    assert first.reopening_reason == "Léa était là"
    assert first.trainer_signature != second.trainer_signature


def test_a_closed_sheet_opens_again_with_a_reason_and_a_right_only(school, sheet):
    for user in (school.cast.bruno, school.cast.aicha, school.cast.gaelle):
        with pytest.raises(NotAllowed):
            reopen_sheet(sheet=sheet, by=user, reason="Pour voir")
    with pytest.raises(DomainError, match="pourquoi"):
        reopen_sheet(sheet=sheet, by=school.cast.elise, reason="  ")
    reopened = reopen_sheet(sheet=sheet, by=school.cast.elise, reason="Erreur de saisie")
    assert reopened.is_open
    with pytest.raises(DomainError, match="rien à rouvrir"):
        reopen_sheet(sheet=sheet, by=school.cast.elise, reason="Encore")
    assert verify(school.cast.cfa).problems == []


def test_a_justification_told_to_the_chain_is_no_tampering(school, sheet):
    absent = sheet.presences.get(enrolment=school.lea)
    with transaction.atomic():
        before, absent.state, absent.reason = absent.state, PresenceState.EXCUSED, "Arrêt"
        absent.save()
        note_correction(absent, by=school.cast.elise, before=before, at=at(18))
    assert verify(school.cast.cfa).problems == []


def test_an_apprentice_of_another_group_is_added_with_a_reason(school, sheet):
    from apprentices.models import Cohort

    other = Cohort.objects.create(
        cfa=school.cohort.cfa,
        programme=school.cohort.programme,
        name="NDRC bis",
        starts_on=school.cohort.starts_on,
        ends_on=school.cohort.ends_on,
        rhythm=school.cohort.rhythm,
    )
    guest = school.enrol("Yanis", "Roche")
    guest.cohort = other
    guest.save()
    afternoon = open_sheet(
        session=school.session(half="apres_midi"), by=school.cast.bruno, at=at(13, 30)
    )
    with pytest.raises(DomainError, match="pourquoi"):
        add_guest(sheet=afternoon, enrolment=guest, by=school.cast.bruno, reason="")
    added = add_guest(sheet=afternoon, enrolment=guest, by=school.cast.bruno, reason="Rattrapage")
    signed = sign_presence(presence=added, **trainer_device(school.cast.bruno, 9), at=at(13, 40))
    assert signed.guest_reason == "Rattrapage"
    with pytest.raises(DomainError, match="déjà sur cette feuille"):
        add_guest(sheet=afternoon, enrolment=guest, by=school.cast.bruno, reason="Encore")
    # The same half-day is never counted twice: the own group's sheet refuses.
    own = open_sheet(
        session=school.session(half="apres_midi", cohort=other, trainer=school.cast.elise),
        by=school.cast.elise,
        at=at(13, 35),
    )
    with pytest.raises(DomainError, match="même demi-journée dans NDRC 2026"):
        sign_presence(
            presence=own.presences.get(), **trainer_device(school.cast.elise, 11), at=at(13, 45)
        )
    assert verify(school.cast.cfa).problems == []


# --- tampering: straight in the tables, as somebody with the database's password would ---------------
def edit_content(sheet):
    event = ProofEvent.objects.get(sheet=sheet, kind="sign")
    payload = event.payload.replace("Aïcha", "Anaïs")
    ProofEvent.objects.filter(pk=event.pk).update(payload=payload)


def edit_content_and_hash_it_again(sheet):
    event = ProofEvent.objects.get(sheet=sheet, kind="sign")
    payload = event.payload.replace("Aïcha", "Anaïs")
    digest = chain.digest(payload)
    ProofEvent.objects.filter(pk=event.pk).update(payload=payload, payload_sha256=digest)


def rewrite_the_chain_to_its_end(sheet):
    """Every hash is right again; only the seals cannot be made without the key."""
    previous = chain.GENESIS
    for event in ProofEvent.objects.filter(cfa=sheet.session.cohort.cfa).order_by("sequence"):
        payload = event.payload.replace("Aïcha", "Anaïs")
        link = chain.make_link(
            key=b"guess", sequence=event.sequence, previous=previous, kind="", payload=payload
        )
        ProofEvent.objects.filter(pk=event.pk).update(
            payload=payload,
            payload_sha256=link.payload_sha256,
            previous=previous,
            hash=link.hash,
            seal=link.seal,
        )
        previous = link.hash
    ProofHead.objects.update(hash=previous)


def delete_a_link(sheet):
    ProofEvent.objects.filter(sheet=sheet, kind="sign").delete()


def cut_the_end_off(sheet):
    last = ProofEvent.objects.order_by("sequence").last()
    ProofEvent.objects.filter(pk=last.pk).delete()


def cut_the_end_off_and_move_the_head(sheet):
    last = ProofEvent.objects.order_by("sequence").last()
    ProofHead.objects.update(sequence=last.sequence - 1, hash=last.previous)
    ProofEvent.objects.filter(pk=last.pk).delete()


def delete_the_first_link(sheet):
    ProofEvent.objects.filter(sequence=1).delete()


def restore_an_older_head(sheet):
    """Cut the end off and put back the head of that time, seal included: only the tables remember."""
    last = ProofEvent.objects.order_by("sequence").last()
    seal = chain.head_seal(proof_key(), last.sequence - 1, last.previous)
    ProofHead.objects.update(sequence=last.sequence - 1, hash=last.previous, seal=seal)
    ProofEvent.objects.filter(pk=last.pk).delete()


def swap_two_signatures(sheet):
    """Each line still holds a signature: not its own."""
    other = sheet.versions.get().trainer_signature
    own = Signature.objects.get(presence__sheet=sheet)
    values = own.strokes, own.sha256, other.strokes, other.sha256
    Signature.objects.filter(pk=own.pk).update(sha256="0" * 64)
    Signature.objects.filter(pk=other.pk).update(strokes=values[0], sha256=values[1])
    Signature.objects.filter(pk=own.pk).update(strokes=values[2], sha256=values[3])


def insert_a_sheet(sheet):
    session = ClassSession.objects.get(pk=sheet.session_id)
    session.pk, session.uuid, session.date = None, uuid.uuid4(), MONDAY + timedelta(days=1)
    session.save()
    AttendanceSheet.objects.create(session=session, opened_at=at(9), opened_by=sheet.opened_by)


def delete_the_whole_sheet(sheet):
    """Everything of it, in the order that the keys allow, events too."""
    ProofEvent.objects.filter(sheet=sheet).delete()
    Absence.objects.filter(presence__sheet=sheet).delete()
    sheet.versions.all().delete()
    Presence.objects.filter(sheet=sheet).delete()
    AttendanceSheet.objects.filter(pk=sheet.pk).delete()


def swap_two_links(sheet):
    ProofEvent.objects.filter(sequence=2).update(sequence=99)
    ProofEvent.objects.filter(sequence=3).update(sequence=2)
    ProofEvent.objects.filter(sequence=99).update(sequence=3)


def insert_a_link(sheet):
    """A forged signature event at the end, hashed as it should be."""
    last = ProofEvent.objects.order_by("sequence").last()
    payload = ProofEvent.objects.get(kind="sign").payload
    link = chain.make_link(
        key=b"guess",
        sequence=last.sequence + 1,
        previous=last.hash,
        kind="sign",
        payload=payload,
    )
    values = {name: getattr(link, name) for name in ("sequence", "payload", "payload_sha256")}
    values |= {name: getattr(link, name) for name in ("previous", "hash", "seal")}
    ProofEvent.objects.create(
        cfa=last.cfa, kind="sign", sheet=sheet, presence=sheet.presences.first(), **values
    )
    ProofHead.objects.update(sequence=link.sequence, hash=link.hash)


def change_the_kind(sheet):
    ProofEvent.objects.filter(kind="open").update(kind="reopen")


def redraw_a_signature(sheet):
    Signature.objects.filter(presence__sheet=sheet).update(strokes=strokes(77))


def change_the_time_of_a_signature(sheet):
    Signature.objects.filter(presence__sheet=sheet).update(signed_at=at(9, 55))


def copy_a_signature_to_the_absent(sheet):
    forged = Signature.objects.create(
        signer_label="Léa Petit",
        kind="drawn",
        method="own_phone",
        strokes=strokes(5),
        signed_at=at(9, 3),
        sha256="f" * 64,
    )
    absent = sheet.presences.filter(state="absent")
    absent.update(state="present", signature=forged)


def take_minutes_away(sheet):
    sheet.presences.filter(state="present").update(minutes_missed=60)


def excuse_an_absence(sheet):
    sheet.presences.filter(state="absent").update(state="excused")


def move_the_half_day(sheet):
    ClassSession.objects.filter(pk=sheet.session_id).update(date="2026-01-06")


def lengthen_the_half_day(sheet):
    ClassSession.objects.filter(pk=sheet.session_id).update(ends_at="13:30")


def delete_a_presence(sheet):
    Absence.objects.filter(presence__sheet=sheet).delete()
    Presence.objects.filter(sheet=sheet, state="absent").delete()


def delete_a_signature(sheet):
    signature = Signature.objects.get(presence__sheet=sheet)
    Presence.objects.filter(signature=signature).update(signature=None, state="absent")
    Signature.objects.filter(pk=signature.pk).delete()


def open_a_closed_sheet(sheet):
    AttendanceSheet.objects.filter(pk=sheet.pk).update(
        state="open", closed_at=None, closed_by=None, trainer_signature=None
    )


def change_the_frozen_content(sheet):
    version = SheetVersion.objects.get(sheet=sheet)
    content = version.content.replace('"absent"', '"excused"')
    SheetVersion.objects.filter(pk=version.pk).update(content=content, sha256=chain.digest(content))


TAMPERINGS = [
    (edit_content, "modification", 2),
    (edit_content_and_hash_it_again, "modification", 2),
    (rewrite_the_chain_to_its_end, "réécriture", 1),
    (delete_a_link, "suppression : l'événement n° 2 manque", 3),
    (cut_the_end_off, "suppression : la chaîne finit au n° 3", 4),
    (cut_the_end_off_and_move_the_head, "réécriture", 3),
    (delete_the_first_link, "suppression : l'événement n° 1 manque", 2),
    (restore_an_older_head, "insertion : la clôture 1 n'est dans aucun événement", None),
    (swap_two_signatures, "ne dit plus ce que dit l'événement", 2),
    (insert_a_sheet, "insertion : aucun événement n'ouvre cette feuille", None),
    (delete_the_whole_sheet, "suppression", 1),
    (swap_two_links, "ordre", 2),
    (insert_a_link, "réécriture", 5),
    (change_the_kind, "modification : la nature", 1),
    (redraw_a_signature, "modification : le tracé", 2),
    (change_the_time_of_a_signature, "ne dit plus", 2),
    (copy_a_signature_to_the_absent, "insertion : la signature de Léa Petit", None),
    (take_minutes_away, "minutes_missed", 4),
    (excuse_an_absence, "modification : state", 4),
    (move_the_half_day, "« date » de la feuille close", 4),
    (lengthen_the_half_day, "« ends_at »", 4),
    (delete_a_presence, "suppression : une présence", 4),
    (delete_a_signature, "suppression : la signature", 2),
    (open_a_closed_sheet, "la chaîne dit autre chose", None),
    (change_the_frozen_content, "le contenu figé à la clôture 1 a changé", 4),
]


@pytest.mark.parametrize(
    ("tamper", "named", "event"), TAMPERINGS, ids=[row[0].__name__ for row in TAMPERINGS]
)
def test_tampering_in_the_database_is_detected_and_named(school, sheet, tamper, named, event):
    assert verify(school.cast.cfa).problems == []
    tamper(sheet)
    first = verify(school.cast.cfa).first
    assert first is not None
    assert named in first["message"]
    assert first["event"] == event
    with pytest.raises(CommandError, match="rompue"):
        call_command("verify_attendance", stdout=StringIO())


def test_the_command_says_that_the_chain_is_whole(school, sheet):
    out = StringIO()
    call_command("verify_attendance", cfa=school.cast.cfa.slug, stdout=out)
    assert "4 événements, 2 signatures, 1 feuilles" in out.getvalue()
    assert "La chaîne de preuve est entière." in out.getvalue()
    with pytest.raises(CommandError, match="inconnu-ici"):
        call_command("verify_attendance", cfa="inconnu-ici", stdout=out)


def test_a_refused_deed_leaves_no_link(school, sheet):
    before = ProofEvent.objects.count()
    with pytest.raises(DomainError):
        mark_absent(presence=school.presence(sheet), by=school.cast.bruno)
    assert ProofEvent.objects.count() == before


def test_a_link_is_neither_saved_again_nor_deleted(school, sheet):
    event = sheet.proof_events.first()
    with pytest.raises(TypeError):
        event.save()
    with pytest.raises(TypeError):
        event.delete()
    assert json.loads(event.payload)["kind"] == "open"
    assert event.seal == chain.seal_of(proof_key(), event.hash)
    assert sheet.state == SheetState.CLOSED
    assert ProofHead.objects.filter(sequence=F("sequence")).count() == 1
