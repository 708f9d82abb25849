"""The commission's two lines: with an account, on an evaluator's device, by hand with its scan."""

import datetime
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from accounts.errors import DomainError, NotAllowed
from evaluations import actions, pdf, selectors
from evaluations.ccf import signing
from evaluations.models import CcfSignature, ReceivedFile
from evaluations.samples import small_pdf

from . import recipes

STROKES = [[[10, 100, 0], [300, 20, 90], [500, 150, 180]]]
GUEST = "Chantal Dumas"


@pytest.fixture
def evaluation(world):
    """Locked; Chantal Dumas sat in situation B only."""
    one = actions.start_evaluation(enrolment=world.enrolment, epreuve=world.e4, by=world.bruno)
    recipes.fill(one, world.bruno)
    for code, members in (("A", "Bruno Caron"), ("B", f"Bruno Caron et {GUEST}")):
        actions.save_situation(evaluation=one, code=code, by=world.bruno, evaluators=members)
    actions.lock_evaluation(evaluation=one, by=world.bruno)
    one.refresh_from_db()
    return one


def on_device(evaluation, by, name=GUEST, **traces):
    values = {"strokes": STROKES, "typed_name": "", **traces}
    return signing.sign_on_device(evaluation=evaluation, name=name, by=by, **values)


def by_hand(evaluation, by, name=GUEST, *, data=None, signed_on=None):
    return signing.record_hand_signature(
        evaluation=evaluation,
        name=name,
        signed_on=signed_on or timezone.localdate(),
        file=SimpleUploadedFile("scan.pdf", data or small_pdf("fiche")),
        by=by,
    )


def test_a_member_without_account_signs_on_the_device_the_situations_he_sat_in(world, evaluation):
    assert signing.sign_evaluation(evaluation=evaluation, by=world.bruno) == 2
    assert on_device(evaluation, world.bruno) == 1
    rows = signing.signatures_of(evaluation)
    assert [[one.name for one in row.given] for row in rows] == [
        ["Bruno Caron"],
        ["Bruno Caron", GUEST],
    ]
    assert not signing.members_to_sign(rows)
    printed = pdf.ccf_context(evaluation, selectors.Grids())["situations"][1]["signatures"][1]
    assert printed["picture"].startswith("data:image/svg+xml;base64,")
    assert "sur l'appareil de Bruno Caron" in printed["said"]


def test_a_signature_by_hand_keeps_its_scan_for_the_commission_alone(world, evaluation, signed_in):
    by_hand(evaluation, world.elise)
    scan = ReceivedFile.objects.get()
    assert CcfSignature.objects.get().scan == scan
    url = reverse("evaluations:ccf_scan", args=[scan.uuid])
    statuses = {"bruno": 200, "auditor": 200, "stranger": 404, "aicha": 403, "chantal": 403}
    for who, status in statuses.items():
        answer = signed_in(getattr(world, who)).get(url)
        if answer.streaming:
            assert answer.getvalue() == small_pdf("fiche")
        assert answer.status_code == status, who


def test_initials_on_the_sheet_are_the_account_that_signs(world):
    one = actions.start_evaluation(enrolment=world.enrolment, epreuve=world.e4, by=world.bruno)
    recipes.fill(one, world.bruno)
    for code in "AB":
        actions.save_situation(evaluation=one, code=code, by=world.bruno, evaluators="B. CARON")
    actions.lock_evaluation(evaluation=one, by=world.bruno)
    with pytest.raises(DomainError, match="ne vous nomme pas"):
        signing.sign_evaluation(evaluation=one, by=world.elise)
    assert signing.sign_evaluation(evaluation=one, by=world.bruno) == 2
    assert signing.members_to_sign(signing.signatures_of(one)) == []


def test_a_guest_signs_once_under_each_way_the_sheet_writes_her(world):
    one = actions.start_evaluation(enrolment=world.enrolment, epreuve=world.e4, by=world.bruno)
    recipes.fill(one, world.bruno)
    for code, guest in (("A", "Mme DUMAS"), ("B", "Dumas Chantal")):
        members = f"Bruno Caron et {guest}"
        actions.save_situation(evaluation=one, code=code, by=world.bruno, evaluators=members)
    actions.lock_evaluation(evaluation=one, by=world.bruno)
    assert signing.members_to_sign(signing.signatures_of(one)) == ["Bruno Caron", "Mme DUMAS"]
    with pytest.raises(DomainError, match="saisissez le nom inscrit"):
        on_device(one, world.bruno, "Mme DUMAS", typed_name="Karim Lopez")
    assert on_device(one, world.bruno, "Mme DUMAS", typed_name="chantal dumas") == 2
    assert signing.members_to_sign(signing.signatures_of(one)) == ["Bruno Caron"]
    assert set(CcfSignature.objects.values_list("typed_name", flat=True)) == {"chantal dumas"}


@pytest.mark.parametrize(
    ("deed", "more", "words"),
    [
        (on_device, {"name": "Karim Lopez"}, "pas parmi les membres"),
        (on_device, {"name": "Bruno Caron"}, "avec votre compte"),
        (on_device, {"strokes": []}, "signature est vide"),
        (on_device, {"strokes": [[[1, 1, 0], [2, 2, 5]]]}, "trop court"),
        (on_device, {"typed_name": "Quelqu'un"}, "saisissez le nom inscrit"),
        (by_hand, {"data": b"<svg/>"}, "ni un PDF ni une photo"),
        (by_hand, {"signed_on": datetime.date(2026, 1, 5)}, "ne se signe pas avant"),
        (by_hand, {"signed_on": datetime.date(2100, 1, 1)}, "pas encore passée"),
    ],
)
def test_it_refuses_what_is_no_signature_of_a_member(world, evaluation, deed, more, words):
    with pytest.raises(DomainError, match=words):
        deed(evaluation, world.bruno, **more)
    assert not CcfSignature.objects.exists()


def test_a_paper_filled_in_on_the_day_is_kept_unless_the_sheet_was_opened_since(world, evaluation):
    day = max(evaluation.situations.values_list("held_on", flat=True))
    assert day < timezone.localdate(evaluation.locked_at)
    by_hand(evaluation, world.bruno, signed_on=day)
    assert CcfSignature.objects.exists()
    actions.reopen_evaluation(evaluation=evaluation, reason="note mal reportée", by=world.elise)
    evaluation.refresh_from_db()
    actions.lock_evaluation(evaluation=evaluation, by=world.bruno)
    with pytest.raises(DomainError, match="rouverte"):
        by_hand(evaluation, world.bruno, signed_on=day)


def test_reopening_says_first_whose_signatures_it_drops(world, evaluation, signed_in):
    page = reverse("evaluations:ccf_reopen", args=[evaluation.uuid])
    client = signed_in(world.elise)
    assert b"de nouveau" not in client.get(page).content
    on_device(evaluation, world.bruno, typed_name="dumas chantal")
    assert f"signée par {GUEST}" in client.get(page).content.decode()


def test_nobody_signs_twice_nor_lets_sign_what_may_still_change(world, evaluation):
    on_device(evaluation, world.bruno, typed_name="dumas chantal")
    with pytest.raises(DomainError, match="pas parmi"):
        by_hand(evaluation, world.bruno)
    with pytest.raises(NotAllowed):
        on_device(evaluation, world.stranger)
    actions.reopen_evaluation(evaluation=evaluation, by=world.elise, reason="Note mal recopiée")
    assert not CcfSignature.objects.exists()
    with pytest.raises(DomainError, match="Verrouillez"):
        on_device(evaluation, world.bruno)


def test_the_page_passes_the_device_round_and_takes_a_scan(world, evaluation, signed_in):
    client, url = (
        signed_in(world.bruno),
        reverse("evaluations:ccf_sign_other", args=[evaluation.uuid]),
    )
    assert GUEST in client.get(url).content.decode()
    empty = client.post(url, {"manner": "device", "name": GUEST, "strokes": "", "typed_name": ""})
    assert empty.status_code == 422
    assert "signature est vide" in empty.content.decode()
    missing = client.post(url, {"manner": "hand", "name": GUEST, "signed_on": ""})
    assert missing.status_code == 422
    done = client.post(url, {"manner": "device", "name": GUEST, "strokes": json.dumps(STROKES)})
    assert done.status_code == 302
    page = client.get(done.url).content.decode()
    assert "sur l&#x27;appareil d&#x27;un évaluateur" in page
    assert "a recueilli la signature de Chantal Dumas" in page
    assert client.get(url).status_code == 302  # Bruno signs with his account
