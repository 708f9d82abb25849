"""Visits and bilans reach the home of the person whose turn it is; late ones reach the staff."""

from datetime import datetime, time, timedelta

import pytest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from apprentices.models import Contract
from attendance.models import ClassSession
from livret import actions
from livret.meetings import meetings_of_apprentice, meetings_of_maitre, meetings_of_tutor
from livret.models import Digest, Reminder
from livret.pdf.meetings import review_rows
from livret.rules.reminders import is_working_time
from livret.waiting import waiting_in
from programmes.enums import Half

from .recipes import fill_and_sign, strokes

TODAY = timezone.localdate()


@pytest.fixture
def bilan(place):
    """Held two days ago, still to be written."""
    return actions.plan_review(
        livret=place.livret,
        kind="quarterly",
        planned_on=TODAY - timedelta(days=2),
        by=place.cast.bruno,
    )


def submitted(place, bilan):
    tutor = place.cast.bruno
    review = actions.open_review(review=bilan, by=tutor)
    actions.save_review(
        review=review,
        texts={"cfa": "Assidue.", "competences": "Progrès."},
        fields={"next_on": TODAY + timedelta(days=80)},
        by=tutor,
    )
    return actions.submit_review(review=review, by=tutor)


def words(place) -> dict[str, list[str]]:
    cast, cfa = place.cast, place.cast.cfa
    return {
        "tutor": [m.action for m in meetings_of_tutor(cast.bruno, cfa, TODAY)],
        "apprentice": [m.action for m in meetings_of_apprentice(place.enrolment, TODAY)],
        "maitre": [m.action for m in meetings_of_maitre(cast.chantal, cfa, TODAY)],
        "stranger": [m.action for m in meetings_of_maitre(cast.denis, cfa, TODAY)],
    }


def test_each_person_is_told_of_the_meeting_when_it_is_their_turn(place, bilan):
    told = words(place)
    assert told["tutor"] == ["Écrire le compte rendu"]
    review = actions.open_review(review=bilan, by=place.cast.bruno)
    assert words(place)["maitre"] == ["Écrire ma partie"]
    actions.save_review(review=review, texts={"entreprise": "Bien."}, by=place.cast.chantal)
    assert words(place)["maitre"] == []
    actions.save_review(
        review=review,
        texts={"cfa": "Assidue.", "competences": "Progrès."},
        fields={"next_on": TODAY + timedelta(days=80)},
        by=place.cast.bruno,
    )
    review = actions.submit_review(review=review, by=place.cast.bruno)
    people = (("aicha", "apprentice"), ("chantal", "maitre"), ("bruno", "tutor"))
    for n, (name, role) in enumerate(people):
        told = words(place)
        assert {who for who, what in told.items() if what} == {role}
        assert told[role] == ["Relire et signer"]
        user = getattr(place.cast, name)
        actions.sign_review(review=review, by=user, strokes=strokes(n))
    assert not any(words(place).values())


def test_the_homes_show_it_and_the_staff_sees_who_is_late(place, bilan, signed_in):
    cast = place.cast
    page = reverse("livret:review_detail", args=[bilan.uuid])
    assert page in signed_in(cast.bruno).get(reverse("home")).content.decode()
    staff = signed_in(cast.elise).get(reverse("home")).content.decode()
    assert "visite ou bilan en retard" in staff
    listed = signed_in(cast.elise).get(reverse("livret:livret_list") + "?voir=rencontres")
    assert [row["enrolment"] for row in listed.context["rows"]] == [place.enrolment]
    submitted(place, bilan)
    assert page in signed_in(cast.aicha).get(reverse("home")).content.decode()
    assert "en retard" not in signed_in(cast.elise).get(reverse("home")).content.decode()


def test_what_waits_in_the_company_waits_with_the_maitre_of_that_time(place, signed_in, mailoutbox):
    period = place.period
    first = Contract.objects.get(enrolment=place.enrolment)
    first.state, first.ends_on = "ended", TODAY - timedelta(days=5)
    first.save()
    Contract.objects.create(
        enrolment=place.enrolment, company=place.stranger.company, maitre=place.stranger,
        state="signed", signed_at=timezone.now(), concluded_on=TODAY - timedelta(days=4),
        starts_on=TODAY - timedelta(days=4), ends_on=place.cohort.ends_on, training_hours=700,
    )  # fmt: skip
    actions.save_section(period=period, values={"apprentice_text": "Vu."}, by=place.cast.aicha)
    actions.sign_period(period=period, role="apprentice", by=place.cast.aicha, strokes=strokes())
    assert [w.role for w in waiting_in([place.enrolment], TODAY)] == ["maitre"]
    rows = signed_in(place.cast.elise).get(reverse("livret:livret_list")).context["rows"]
    assert [w["who"] for w in rows[0]["waits"]] == ["Chantal Dumas"]


def test_the_list_shows_late_periods_and_livrets_to_open(place, signed_in):
    client = signed_in(place.cast.elise)
    url = reverse("livret:livret_list")
    assert len(client.get(f"{url}?voir=retard").context["rows"]) == 1  # a quarter ended 30 days ago
    assert client.get(f"{url}?voir=ouvrir").context["rows"] == []
    assert client.get(f"{url}?voir=autre&page=99").context["only"] == ""


def test_a_part_still_to_write_is_asked_of_its_author_by_letter_until_it_is_written(
    place, bilan, mailoutbox, django_capture_on_commit_callbacks
):
    review = actions.open_review(review=bilan, by=place.cast.bruno)
    fill_and_sign(place, place.period)
    place.maitre.email = ""  # that of the account then
    place.maitre.save()
    monday = timezone.make_aware(datetime.combine(TODAY + timedelta(days=3), time(10)))
    while not is_working_time(monday.replace(tzinfo=None), ()):
        monday += timedelta(days=1)

    def asked():
        mailoutbox.clear()
        Digest.objects.all().delete()
        Reminder.objects.all().delete()
        with django_capture_on_commit_callbacks(execute=True):
            actions.send_digests(cfa=place.cast.cfa, now=monday)
        return {m.to[0]: m.body for m in mailoutbox if "à écrire" in m.body}

    told = asked()
    assert set(told) == {place.cast.aicha.email, place.cast.chantal.email}
    assert "l'avis de l'entreprise à écrire" in told[place.cast.chantal.email]
    actions.save_review(review=review, texts={"entreprise": "Bien."}, by=place.cast.chantal)
    assert set(asked()) == {place.cast.aicha.email}


def test_a_bilan_says_apart_the_hours_of_before_the_application(place, bilan, signed_in):
    day = TODAY - timedelta(days=10)
    ClassSession.objects.create(
        cohort=place.cohort, date=day, half=Half.MORNING, starts_at=time(9), ends_at=time(12, 30),
        subject=place.cohort.programme.subjects.first(), trainer=place.cast.bruno,
    )  # fmt: skip
    place.cohort.signed_here_from = TODAY
    place.cohort.save()
    review = actions.open_review(review=bilan, by=place.cast.bruno)
    assert review.facts["hours"]["elsewhere"] == "3,5"
    page = signed_in(place.cast.bruno).get(reverse("livret:review_detail", args=[review.uuid]))
    assert "3,5 prévues, non comptées ici" in page.text
    printed = render_to_string(
        "livret/pdf/_review.html", {"review": review_rows(review) | {"facts": review.facts}}
    )
    assert "3,5 h prévues avant" in printed
