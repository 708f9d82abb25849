import re
from datetime import timedelta
from itertools import permutations

import pytest
from django.utils import timezone

from accounts.errors import DomainError, NotAllowed
from accounts.models import Event
from documents.actions import cancel_job
from livret.actions import (
    invite_maitre,
    issue_attestations,
    issue_livrets,
    open_livret,
    position_competence,
    save_section,
    sign_period,
    use_link,
    write_period,
)
from livret.models import ApprenticeDocument, PersonalLink
from livret.pdf import assessed_competences, attestation_context, livret_context

from .recipes import fill_and_sign, strokes


def test_it_opens_a_livret_once(place):
    again = open_livret(enrolment=place.enrolment, by=place.cast.bruno)
    assert again == place.livret
    assert place.livret.periods.count() == 6
    assert Event.objects.about(place.livret).count() == 1


def test_it_closes_a_period_with_three_signatures_and_freezes_it(place):
    period = place.period
    fill_and_sign(place, period)
    period.refresh_from_db()
    assert period.state == "closed"
    assert period.signatures.count() == 3
    assert period.signatures.get(role="tutor").text_sha256 == period.digest()
    for user, field in (
        (place.cast.aicha, "apprentice_text"),
        (place.cast.chantal, "maitre_text"),
        (place.cast.bruno, "tutor_text"),
    ):
        with pytest.raises(DomainError, match="signée"):
            write_period(period=period, field=field, text="autre", by=user)


@pytest.mark.parametrize("order", list(permutations(("apprentice", "maitre", "tutor"))))
def test_it_accepts_the_signatures_in_their_order_only(place, order):
    cast, period = place.cast, place.period
    users = {"apprentice": cast.aicha, "maitre": cast.chantal, "tutor": cast.bruno}
    save_section(period=period, values={"apprentice_text": "a"}, by=cast.aicha)
    save_section(
        period=period, values={"maitre_position": "above", "maitre_text": "b"}, by=cast.chantal
    )
    save_section(period=period, values={"tutor_text": "c"}, by=cast.bruno)
    signed = []
    for n, role in enumerate(order):
        try:
            sign_period(period=period, role=role, by=users[role], strokes=strokes(n))
            signed.append(role)
        except DomainError:
            continue
    expected = ["apprentice", "maitre", "tutor"][: len(signed)]
    assert signed == expected
    assert period.signatures.count() == len(signed)


@pytest.mark.parametrize("name", ["denis", "gaelle", "auditor", "elise", "farid"])
def test_it_lets_no_other_person_write_or_sign(place, name):
    user = getattr(place.cast, name)
    with pytest.raises(NotAllowed):
        write_period(period=place.period, field="tutor_text", text="x", by=user)
    with pytest.raises(NotAllowed):
        sign_period(period=place.period, role="apprentice", by=user, strokes=strokes())


def test_it_refuses_to_write_the_section_of_another(place):
    with pytest.raises(NotAllowed):
        write_period(period=place.period, field="maitre_text", text="x", by=place.cast.aicha)


def test_it_refuses_a_signature_under_a_text_that_changed(place):
    period = place.period
    write_period(period=period, field="apprentice_text", text="un", by=place.cast.aicha)
    period.refresh_from_db()
    seen = period.digest()
    write_period(period=period, field="apprentice_text", text="deux", by=place.cast.aicha)
    with pytest.raises(DomainError, match="a changé"):
        sign_period(
            period=period, role="apprentice", by=place.cast.aicha, strokes=strokes(), seen=seen
        )


def test_it_refuses_to_sign_an_empty_section(place):
    with pytest.raises(DomainError, match="missions"):
        sign_period(period=place.period, role="apprentice", by=place.cast.aicha, strokes=strokes())


def test_it_positions_official_competences(place):
    competence = assessed_competences(place.enrolment)[0]
    args = {"period": place.period, "competence": competence}
    position_competence(level="en_cours", by=place.cast.aicha, **args)
    row = position_competence(level="autonome", by=place.cast.chantal, **args)
    assert (row.apprentice_level, row.maitre_level) == ("en_cours", "autonome")
    with pytest.raises(DomainError):
        position_competence(level="expert", by=place.cast.aicha, **args)


def token_of(mail) -> str:
    return re.search(r"/livret/lien/([^/]+)/", mail.body).group(1)


def test_it_signs_through_a_personal_link(
    place, mailoutbox, django_capture_on_commit_callbacks, client
):
    with django_capture_on_commit_callbacks(execute=True):
        invite_maitre(maitre=place.maitre, by=place.cast.elise)
    token = token_of(mailoutbox[0])
    period = place.period
    write_period(period=period, field="apprentice_text", text="J'ai vendu.", by=place.cast.aicha)
    sign_period(period=period, role="apprentice", by=place.cast.aicha, strokes=strokes())
    page = f"/livret/lien/{token}/{period.uuid}/"
    # One thing to do: the message leads straight to it; the list is one button away.
    assert client.get(f"/livret/lien/{token}/").headers["Location"] == page
    assert client.get(f"/livret/lien/{token}/?liste=1").status_code == 200
    assert client.get(page).status_code == 200
    answers = {"maitre_position": "expected", "maitre_text": "Bien", "sign": "1"}
    assert client.post(page, answers).headers["Location"] == f"{page}signer/"
    seen = client.get(f"{page}signer/").context["seen"]
    answer = client.post(f"{page}signer/", {"typed_name": "Chantal Dumas", "seen": seen})
    assert answer.status_code == 302
    row = period.signatures.get(role="maitre")
    assert row.link is not None
    assert row.signature.signer is None


def test_it_stores_no_token_and_kills_the_former_link(
    place, mailoutbox, django_capture_on_commit_callbacks, client
):
    for _ in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            invite_maitre(maitre=place.maitre, by=place.cast.elise)
    first, second = (token_of(mail) for mail in mailoutbox)
    assert not PersonalLink.objects.filter(token_sha256__in=(first, second)).exists()
    assert use_link(token=first) is None
    assert use_link(token=second) is not None
    assert client.get(f"/livret/lien/{first}/").status_code == 404
    assert client.get("/livret/lien/forged/").status_code == 404
    later = timezone.now() + timedelta(days=31)
    assert not PersonalLink.objects.latest("pk").is_usable(later)


def test_it_shows_nothing_of_another_maitre_s_apprentice(
    place, mailoutbox, django_capture_on_commit_callbacks, client
):
    with django_capture_on_commit_callbacks(execute=True):
        invite_maitre(maitre=place.stranger, by=place.cast.elise)
    token = token_of(mailoutbox[0])
    assert b"Benali" not in client.get(f"/livret/lien/{token}/").content
    assert client.get(f"/livret/lien/{token}/{place.period.uuid}/").status_code == 404
    with pytest.raises(NotAllowed):
        write_period(period=place.period, field="maitre_text", text="x", link=use_link(token=token))


def test_it_issues_one_document_per_person(place):
    for deed in (issue_attestations, issue_livrets):
        job = deed(enrolments=[place.enrolment], by=place.cast.elise)
        assert job.total == 1
    assert ApprenticeDocument.objects.filter(enrolment=place.enrolment).count() == 2
    with pytest.raises(NotAllowed):
        issue_livrets(enrolments=[place.enrolment], by=place.cast.gaelle)


def test_what_is_already_asked_for_is_not_made_twice(place):
    first = issue_livrets(enrolments=[place.enrolment], by=place.cast.elise)
    assert issue_livrets(enrolments=[place.enrolment], by=place.cast.farid) == first
    assert first.items.count() == ApprenticeDocument.objects.count() == 1
    cancel_job(job=first, by=place.cast.elise)
    assert issue_livrets(enrolments=[place.enrolment], by=place.cast.elise) != first


def test_it_freezes_official_values_and_no_ccf_mark(place):
    fill_and_sign(place, place.period)
    context = livret_context(place.enrolment)
    coefficients = {b["epreuve"][:2]: b["coefficient"] for b in context["blocs"] if b["epreuve"]}
    assert coefficients["E4"] == "5"
    assert context["periods"][0]["signatures"][1]["signer"] == "Chantal Dumas"
    assert "mark" not in str(context)
    assert attestation_context(place.enrolment)["certification"]["rncp"] == "RNCP38368"
    assert livret_context(place.enrolment) == context
