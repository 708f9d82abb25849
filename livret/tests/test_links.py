"""Links forwarded, used again, expired, of another person; corrections of a company; periods corrected."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone

from accounts.errors import DomainError, NotAllowed
from accounts.models import Event, Invitation
from apprentices.models import Enrolment
from attendance.models import AttendancePaper
from documents.enums import DocumentState
from documents.models import Document
from livret.actions import (
    ask_correction,
    check_link,
    correct_company,
    decide_correction,
    excuse_maitre,
    invite_maitre,
    invite_representative,
    open_livret,
    open_review,
    plan_review,
    revoke_link,
    save_review,
    save_section,
    sign_period,
    sign_period_by_hand,
    submit_review,
)
from livret.models import PersonalLink
from ndrc_cfa.testing import StrictClient

from .recipes import fill_and_sign, strokes


@pytest.fixture
def send(place, mailoutbox, django_capture_on_commit_callbacks):
    """Send a link and give its token."""

    def deed(action=invite_maitre, **kwargs):
        with django_capture_on_commit_callbacks(execute=True):
            action(by=place.cast.elise, **(kwargs or {"maitre": place.maitre}))
        return re.search(r"/livret/lien/([^/\s]+)/", mailoutbox[-1].body).group(1)

    return deed


def apprentice_signs(place):
    save_section(period=place.period, values={"apprentice_text": "Vu."}, by=place.cast.aicha)
    sign_period(period=place.period, role="apprentice", by=place.cast.aicha, strokes=strokes())


def test_a_forwarded_link_stops_at_the_second_device_and_says_how_to_go_on(
    place, send, client, mailoutbox, django_capture_on_commit_callbacks
):
    token = send()
    page = reverse("livret:link_detail", args=[token, place.period.uuid])
    door = f'class="brand brand-public" href="{reverse("livret:link_access", args=[token])}"'
    assert door in client.get(page).text
    lost = client.get(reverse("livret:link_detail", args=[token, uuid4()]))
    assert lost.status_code == 404
    assert "Première page du lien" in lost.content.decode()
    assert client.post(page, {"maitre_text": "Bien"}).status_code == 302
    other = StrictClient()
    answer = other.get(page)
    assert answer.status_code == 404
    assert "autre appareil" in answer.content.decode()
    assert '<span class="brand' in answer.text  # a guest is never led to a sign-in
    assert "c…@" in answer.content.decode()
    assert Event.objects.filter(verb="link_used_elsewhere").count() == 1
    assert client.get(page).status_code == 200  # the first device goes on
    with django_capture_on_commit_callbacks(execute=True):
        other.post(reverse("livret:link_renew", args=[token]))
    assert mailoutbox[-1].to == [place.maitre.email]  # never to who holds the old one
    assert place.livret.periods.get(number=1).maitre_text == "Bien"


def test_an_expired_a_revoked_and_an_unknown_link_each_say_why(place, send, client):
    token = send()
    link = PersonalLink.objects.latest("pk")
    url = reverse("livret:link_access", args=[token])
    later = timezone.now() + timedelta(days=31)
    assert check_link(token=token, now=later).problem == "expired"
    revoke_link(link=link, by=place.cast.elise)
    assert "a arrêté ce lien" in client.get(url).content.decode()
    assert client.post(reverse("livret:link_renew", args=[token])).status_code == 422
    assert (
        "n'existe pas" in client.get(reverse("livret:link_access", args=["faux"])).content.decode()
    )


def test_it_corrects_the_company_only_when_the_cfa_accepts(place, send, client):
    token = send()
    url = reverse("livret:link_company", args=[token])
    assert client.get(url).status_code == 200
    for name, wrong in {
        "company.postcode": "abc",
        "company.phone": "appelez le siège",
        "maitre.phone": "06 12 34 56",
        "maitre.email": "",
        "maitre.job_title": "x" * 121,
    }.items():
        refused = client.post(url, {name: wrong})
        assert refused.status_code == 422
        assert list(refused.context["form"].errors) == [name]
    assert client.post(url, {"company.phone": "0102030405"}).status_code == 302
    company = place.maitre.company
    company.refresh_from_db()
    assert company.phone == ""
    correction = place.maitre.corrections.get()
    with pytest.raises(NotAllowed):
        decide_correction(correction=correction, accept=True, by=place.cast.gaelle)
    decide_correction(correction=correction, accept=True, by=place.cast.elise)
    company.refresh_from_db()
    assert company.phone == "01 02 03 04 05"
    assert correct_company(maitre=place.maitre, values={"company.phone": "0102030405"}) is None


def test_a_maitre_takes_an_account_by_the_link_and_finds_everything_again(
    place, send, client, mailoutbox, django_capture_on_commit_callbacks
):
    place.maitre.user = None
    place.maitre.email = "nouvelle@entreprise.example"
    place.maitre.save()
    apprentice_signs(place)
    token = send()
    page = reverse("livret:link_detail", args=[token, place.period.uuid])
    answers = {"maitre_position": "expected", "maitre_text": "Écrit sans compte."}
    assert client.post(page, answers).status_code == 302
    with django_capture_on_commit_callbacks(execute=True):
        asked = client.post(reverse("livret:link_account", args=[token]))
    assert asked.status_code == 302
    assert mailoutbox[-1].to == [Invitation.objects.get().email]
    door = re.search(r"/compte-cfa/invitation/[^/\s]+/", mailoutbox[-1].body).group(0)
    password = "une-phrase-longue-a-retenir-2026"
    answer = client.post(door, {"password": password, "password_again": password})
    assert answer.status_code == 302
    found = client.get(reverse("livret:maitre_home"))
    assert [card["period"] for card in found.context["cards"]] == [place.period]
    mine = client.get(reverse("livret:period_detail", args=[place.period.uuid]))
    assert "Écrit sans compte." in mine.content.decode()


def test_a_maitre_without_account_reads_the_statements_of_the_contract_and_no_others(
    place, send, client, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    contract = place.enrolment.contracts.get()
    first = contract.starts_on.replace(day=1)
    document = Document.objects.create(
        cfa=place.cast.cfa,
        kind="releve_assiduite",
        title="Relevé",
        context={},
        state=DocumentState.ISSUED,
        issued_at=timezone.now(),
        sha256="0" * 64,
        file=ContentFile(b"%PDF-", "releve.pdf"),
        file_name="releve.pdf",
    )
    paper = AttendancePaper.objects.create(
        document=document,
        kind="releve_assiduite",
        cohort=place.enrolment.cohort,
        enrolment=place.enrolment,
        starts_on=first,
        ends_on=first + timedelta(days=27),
    )
    token = send()
    listed = client.get(reverse("livret:link_access", args=[token]) + "?liste")
    address = reverse("livret:link_statement", args=[token, document.uuid])
    assert address in listed.content.decode()
    assert b"".join(client.get(address).streaming_content) == b"%PDF-"
    # Of a month out of that contract, the maître reads nothing.
    paper.starts_on, paper.ends_on = first - timedelta(days=90), first - timedelta(days=60)
    paper.save()
    assert client.get(address).status_code == 404
    assert address not in client.get(listed.request["PATH_INFO"] + "?liste").content.decode()


def test_several_apprentices_are_on_the_one_page_of_a_link(place, send, client):
    apprentice_signs(place)
    token = send()
    straight = client.get(reverse("livret:link_access", args=[token]))
    assert straight.headers["Location"].endswith(f"{place.period.uuid}/")
    contract = place.enrolment.contracts.get()
    person = place.enrolment.apprentice
    person.pk, person.uuid, person.user, person.first_name = None, uuid4(), None, "Inès"
    person.save()
    second = Enrolment.objects.create(
        cohort=place.cohort, apprentice=person, tutor=place.cast.bruno,
        starts_on=place.cohort.starts_on,
    )  # fmt: skip
    contract.pk, contract.uuid, contract.enrolment = None, uuid4(), second
    contract.save()
    open_livret(enrolment=second, by=place.cast.elise)
    page = client.get(reverse("livret:link_access", args=[token]))
    names = [str(card["livret"].enrolment.apprentice) for card in page.context["cards"]]
    assert names == ["Aïcha Benali", "Inès Benali"]  # what can be signed first
    assert str(place.cast.cfa) in page.content.decode()  # who sends the link
    assert "1 signature vous attend" in page.content.decode()


def test_the_representative_of_a_minor_reads_until_the_majority(place, send, client):
    person = place.livret.enrolment.apprentice
    with pytest.raises(DomainError, match="majeur"):
        invite_representative(livret=place.livret, by=place.cast.elise)
    person.born_on = timezone.localdate() - timedelta(days=17 * 365)
    person.legal_representative = "Nadia Benali"
    person.legal_representative_email = "nadia@famille.example"
    person.save()
    tutor = place.cast.bruno
    bilan = plan_review(
        livret=place.livret, kind="final", planned_on=timezone.localdate(), by=tutor
    )
    bilan = open_review(review=bilan, by=tutor)
    texts = {"parcours": "Parcours complet.", "entreprise": "Prête.", "cfa": "Favorable."}
    save_review(review=bilan, texts=texts, by=tutor)
    token = send(invite_representative, livret=place.livret)
    url = reverse("livret:link_reading", args=[token])
    assert "Parcours complet." not in client.get(url).content.decode()  # not frozen yet
    submit_review(review=bilan, by=tutor)
    assert "Parcours complet." in client.get(url).content.decode()
    page = client.get(reverse("livret:link_access", args=[token]), follow=True)
    assert "Nadia Benali" in page.content.decode()
    # It reads and does nothing else.
    assert (
        client.get(reverse("livret:link_detail", args=[token, place.period.uuid])).status_code
        == 404
    )
    assert client.get(reverse("livret:link_company", args=[token])).status_code == 404
    person.is_emancipated = True
    person.save()
    assert check_link(token=token).problem == "revoked"


def test_a_correction_keeps_what_was_signed_and_asks_all_to_sign_again(place):
    apprentice_signs(place)
    signed = place.period.signatures.get()
    with pytest.raises(DomainError, match="obligatoire"):
        ask_correction(period=place.period, note=" ", by=place.cast.chantal)
    period = ask_correction(period=place.period, note="Il manque le salon.", by=place.cast.chantal)
    assert (period.state, period.round, period.correction_role) == ("draft", 2, "maitre")
    save_section(period=period, values={"apprentice_text": "Vu, et le salon."}, by=place.cast.aicha)
    signed.refresh_from_db()
    assert signed.content["apprentice_text"] == "Vu."
    for n, (user, values) in enumerate(
        (
            (place.cast.aicha, {}),
            (place.cast.chantal, {"maitre_position": "expected", "maitre_text": "Bien."}),
            (place.cast.bruno, {"tutor_text": "Suite."}),
        )
    ):
        save_section(period=period, values=values, by=user)
        role = ("apprentice", "maitre", "tutor")[n]
        sign_period(period=period, role=role, by=user, strokes=strokes(n + 1))
    assert period.signatures.count() == 4


def test_only_the_tutor_opens_a_closed_period_again(place):
    fill_and_sign(place, place.period)
    with pytest.raises(NotAllowed):
        ask_correction(period=place.period, note="Oups", by=place.cast.aicha)
    assert ask_correction(period=place.period, note="Oups", by=place.cast.bruno).round == 2


def test_a_page_signed_by_hand_counts_only_for_the_text_that_was_printed(place, settings, tmp_path):
    from io import BytesIO

    from livret.actions import record_scan

    from .test_tasks import picture

    settings.MEDIA_ROOT = tmp_path
    save_section(period=place.period, values={"apprentice_text": "Vu."}, by=place.cast.aicha)
    mark = place.period.digest()[:8]
    data = picture()
    scan = record_scan(
        file=BytesIO(data), name="page.jpg", size=len(data), signer_label="Aïcha Benali",
        signed_on=timezone.localdate(), by=place.cast.bruno,
    )  # fmt: skip
    args = {"role": "apprentice", "scan": scan, "by": place.cast.bruno}
    save_section(period=place.period, values={"apprentice_text": "Autre."}, by=place.cast.aicha)
    with pytest.raises(DomainError, match="marque"):
        sign_period_by_hand(period=place.period, printed=mark, **args)
    mark = place.period.digest()[:8]
    with pytest.raises(NotAllowed):
        sign_period_by_hand(period=place.period, printed=mark, **args | {"by": place.cast.chantal})
    period = sign_period_by_hand(period=place.period, printed=mark, **args)
    assert period.state == "apprentice_signed"
    assert period.signatures.get().means == "à la main, scan conservé"


def test_a_period_goes_on_without_a_maitre_who_has_left_with_the_reason(place):
    apprentice_signs(place)
    with pytest.raises(DomainError, match="pourquoi"):
        excuse_maitre(period=place.period, reason="", by=place.cast.bruno)
    with pytest.raises(NotAllowed):
        excuse_maitre(period=place.period, reason="Parti", by=place.cast.aicha)
    excuse_maitre(period=place.period, reason="Parti le 3.", by=place.cast.bruno)
    save_section(period=place.period, values={"tutor_text": "Suite."}, by=place.cast.bruno)
    period = sign_period(period=place.period, role="tutor", by=place.cast.bruno, strokes=strokes(4))
    assert (period.state, period.maitre_signed_at) == ("closed", None)


def test_when_the_company_changes_each_maitre_keeps_to_its_own_time(place):
    from apprentices.models import Contract

    today = timezone.localdate()
    first = Contract.objects.get(enrolment=place.enrolment)
    first.state, first.ends_on = "ended", today - timedelta(days=5)
    first.save()
    Contract.objects.create(
        enrolment=place.enrolment, company=place.stranger.company, maitre=place.stranger,
        state="signed", signed_at=timezone.now(), concluded_on=today - timedelta(days=4),
        starts_on=today - timedelta(days=4), ends_on=place.cohort.ends_on, training_hours=700,
    )  # fmt: skip
    old, now = place.livret.periods.get(number=1), place.livret.periods.get(number=2)
    later = place.livret.periods.get(number=4)
    chantal, denis = place.cast.chantal, place.cast.denis
    save_section(period=old, values={"maitre_text": "De l'ancienne."}, by=chantal)
    save_section(period=now, values={"maitre_text": "Du nouveau."}, by=denis)
    for period, user in ((old, denis), (now, chantal), (later, chantal)):
        with pytest.raises(NotAllowed):
            save_section(period=period, values={"maitre_text": "x"}, by=user)
    mine = type(later).objects.visible_to(chantal)
    assert now in mine
    assert later not in mine  # what came after her contract is not hers to read
