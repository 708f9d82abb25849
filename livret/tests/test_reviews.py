"""Plan, visits and bilans: written by the three, signed in order, refused, corrected; never changed once signed."""

from datetime import date, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts.errors import DomainError, NotAllowed
from livret import actions, rules
from livret.models import Commitment, Reminder, Review, ReviewSignature
from livret.rules import dates, reminders
from livret.rules import reviews as flow
from livret.waiting import waiting_in

from .recipes import strokes

TODAY = timezone.localdate()


@pytest.fixture
def review(place):
    actions.propose_reviews(livret=place.livret, by=place.cast.bruno)
    review = place.livret.reviews.get(kind="quarterly", number=1)
    return actions.open_review(review=review, by=place.cast.bruno)


def fill(place, review):
    actions.save_review(
        review=review,
        texts={"cfa": "Assidue.", "competences": "Progrès nets."},
        fields={"next_on": TODAY + timedelta(days=80), "held_on": TODAY - timedelta(days=2)},
        by=place.cast.bruno,
    )


def sign(place, review, name, n=0, **kwargs):
    user = getattr(place.cast, name)
    return actions.sign_review(review=review, by=user, strokes=strokes(n), **kwargs)


def test_it_lays_the_meetings_on_the_calendar_once(place):
    made = actions.propose_reviews(livret=place.livret, by=place.cast.bruno)
    assert actions.propose_reviews(livret=place.livret, by=place.cast.elise) == []
    first = place.livret.periods.get(number=1).starts_on
    kinds = [review.kind for review in made]
    assert kinds.count("quarterly") == place.livret.periods.count()
    visits = sorted(review.planned_on for review in made if review.kind == "visit")
    assert visits[0] <= first + timedelta(days=60)
    assert len([day for day in visits if day < first + timedelta(days=365)]) >= 2
    assert min(review.planned_on for review in made if review.kind == "plan") <= first + timedelta(
        30
    )
    assert all(review.planned_on.weekday() < 5 for review in made)
    assert "Chantal Dumas" in made[0].participants
    with pytest.raises(NotAllowed):
        actions.propose_reviews(livret=place.livret, by=place.cast.chantal)


def test_it_prefers_days_in_the_company():
    start = date(2026, 1, 5)
    cfa_days = {
        start + timedelta(days=n) for n in range(400) if (start + timedelta(n)).weekday() < 2
    }
    for found in dates.propose(start, date(2027, 6, 30), cfa_days=cfa_days):
        assert found.on not in cfa_days


def test_three_people_sign_in_the_order_chosen_and_the_last_closes(place, review):
    with pytest.raises(DomainError, match="Avant la signature"):
        actions.submit_review(review=review, by=place.cast.bruno)
    fill(place, review)
    review = actions.submit_review(review=review, by=place.cast.bruno)
    with pytest.raises(DomainError, match="attendue d'abord"):
        sign(place, review, "chantal")
    for n, name in enumerate(("aicha", "chantal", "bruno")):
        review = sign(place, review, name, n, seen=review.digest())
    assert review.state == "closed"
    for user in (place.cast.bruno, place.cast.aicha):
        with pytest.raises(DomainError):
            actions.save_review(review=review, texts={"cfa": ""}, by=user)  # an emptied field
    assert Review.objects.get(pk=review.pk).content()["sections"]["cfa"] == "Assidue."
    with pytest.raises(NotAllowed):
        sign(place, review, "denis")


def test_it_refuses_two_people_writing_over_each_other(place, review):
    actions.save_review(review=review, texts={"apprenti": "Le mien."}, by=place.cast.aicha)
    with pytest.raises(rules.Changed) as error:
        actions.save_review(
            review=review,
            texts={"apprenti": "L'autre."},
            seen={"apprenti": ""},
            by=place.cast.bruno,
        )
    assert error.value.current == "Le mien."
    with pytest.raises(NotAllowed):
        actions.save_review(review=review, texts={"cfa": "x"}, by=place.cast.aicha)


def test_refusing_needs_a_note_and_opens_a_version_that_all_sign_again(place, review):
    fill(place, review)
    review = actions.submit_review(review=review, by=place.cast.bruno)
    review = sign(place, review, "aicha")
    with pytest.raises(DomainError, match="obligatoire"):
        actions.refuse_review(review=review, note=" ", by=place.cast.chantal)
    fresh = actions.refuse_review(review=review, note="Il manque le salon.", by=place.cast.chantal)
    assert (fresh.version, fresh.state, fresh.signers) == (2, "writing", review.signers)
    assert fresh.sections.get(key="cfa").text == "Assidue."
    with pytest.raises(DomainError, match="nouvelle version"):
        sign(place, review, "chantal", 3)


def test_a_correction_names_who_signs_again_and_keeps_the_signed_text(place, review):
    fill(place, review)
    review = actions.submit_review(review=review, by=place.cast.bruno)
    for n, name in enumerate(("aicha", "chantal", "bruno")):
        review = sign(place, review, name, n)
    before = review.content()
    with pytest.raises(DomainError, match="Nommez"):
        actions.correct_review(review=review, signers=[], reason="Date", by=place.cast.bruno)
    fresh = actions.correct_review(
        review=review, signers=["maitre", "tutor"], reason="Date fausse", by=place.cast.bruno
    )
    actions.save_review(review=fresh, texts={"cfa": "Corrigé."}, by=place.cast.bruno)
    fresh = actions.submit_review(review=fresh, by=place.cast.bruno)
    with pytest.raises(DomainError, match="n'est pas demandée"):
        sign(place, fresh, "aicha", 5)
    fresh = sign(place, sign(place, fresh, "chantal", 6), "bruno", 7)
    assert fresh.state == "closed"
    assert Review.objects.get(pk=review.pk).content() == before


def test_commitments_go_from_one_bilan_to_the_next(place, review):
    made = actions.add_commitment(
        review=review, who="maitre", text="Confier le salon", due_on=TODAY, by=place.cast.bruno
    )
    with pytest.raises(DomainError, match="date"):
        actions.add_commitment(
            review=review, who="maitre", text="x", due_on=None, by=place.cast.bruno
        )
    later = place.livret.reviews.get(kind="quarterly", number=2)
    later = actions.open_review(review=later, by=place.cast.bruno)
    actions.settle_commitment(
        review=later, commitment=made, state="done", note="Fait en mai", by=place.cast.bruno
    )
    assert Commitment.objects.get().settled_in == later
    with pytest.raises(DomainError, match="précédente"):
        actions.settle_commitment(review=review, commitment=made, state="done", by=place.cast.bruno)


def test_the_page_serves_each_person_and_a_link_only_its_review(
    place, review, signed_in, client, mailoutbox, django_capture_on_commit_callbacks
):
    url = reverse("livret:review_detail", args=[review.uuid])
    for name, status in (
        ("bruno", 200), ("aicha", 200), ("chantal", 200), ("elise", 200), ("auditor", 200),
        ("denis", 404), ("gaelle", 404),
    ):  # fmt: skip
        assert signed_in(getattr(place.cast, name)).get(url).status_code == status, name
    bruno = signed_in(place.cast.bruno)
    typed = {"name": "text-cfa", "value": "Tapé.", "seen": ""}
    json = {"Accept": "application/json"}
    assert bruno.post(url, typed, headers=json).json() == {"state": "saved", "value": "Tapé."}
    other = typed | {"value": "Autre."}
    assert bruno.post(url, other, headers=json).json()["state"] == "conflict"
    data = {"text-cfa": "Assidue.", "text-competences": "Bien.", "deed": "submit"}
    undated = data | {"held_on": TODAY.isoformat(), "next_on": ""}
    assert bruno.post(url, undated).status_code == 422  # the next date was taken away
    day = f"{TODAY + timedelta(days=90):%Y-%m-%d}"
    full = data | {"held_on": f"{TODAY:%Y-%m-%d}", "next_on": day, "mode": "video"}
    full |= {"participants": "Les trois", "signers": ["maitre", "tutor"]}
    assert bruno.post(url, full).status_code == 302
    with django_capture_on_commit_callbacks(execute=True):
        assert bruno.post(url, {"deed": "link"}).status_code == 302
    token = mailoutbox[-1].body.split("/livret/lien/")[1].split("/")[0]
    page = client.get(reverse("livret:link_access", args=[token]), follow=True)
    assert "Assidue." in page.content.decode()
    # One deed: the periods stay shut.
    assert (
        client.get(reverse("livret:link_detail", args=[token, place.period.uuid])).status_code
        == 404
    )
    here = reverse("livret:link_review", args=[token])
    answer = {"deed": "sign", "typed_name": "Chantal Dumas", "seen": page.context["seen"]}
    assert client.post(here, answer).status_code == 302
    assert client.post(here, answer).status_code == 422  # used twice: said, nothing written
    assert ReviewSignature.objects.get().role == "maitre"


def test_reminders_wait_for_working_hours_come_once_a_day_and_stop(
    place, mailoutbox, django_capture_on_commit_callbacks
):
    assert not reminders.is_working_time(datetime(2026, 3, 7, 10), ())  # a Saturday
    assert not reminders.is_working_time(datetime(2026, 3, 6, 7), ())
    assert not reminders.is_working_time(datetime(2026, 5, 1, 10), {date(2026, 5, 1)})
    assert [reminders.may_remind(n, 3) for n in (0, 4, 5)] == [True, True, False]
    assert not reminders.may_remind(1, 1)
    monday = timezone.make_aware(datetime(TODAY.year + 1, 3, 3, 10))
    monday += timedelta(days=(7 - monday.weekday()) % 7)
    with django_capture_on_commit_callbacks(execute=True):
        assert actions.send_digests(cfa=place.cast.cfa, now=monday.replace(hour=6)) == []
        sent = actions.send_digests(cfa=place.cast.cfa, now=monday)
        assert actions.send_digests(cfa=place.cast.cfa, now=monday.replace(hour=14)) == []
    assert sent
    assert len(mailoutbox) == len({mail.to[0] for mail in mailoutbox})
    for week in range(1, 9):
        actions.send_digests(cfa=place.cast.cfa, now=monday + timedelta(weeks=week))
    assert max(Reminder.objects.values_list("count", flat=True)) == reminders.MOST_TIMES


@given(
    st.sampled_from(list(rules.FORMS)),
    st.lists(
        st.sampled_from(["open", "submit", "sign", "refuse", "correct", "cancel"]), max_size=12
    ),
)
def test_a_closed_review_is_only_left_by_a_correction(kind, deeds):
    state, signed, signers = "planned", [], list(rules.FORMS[kind].signers)
    for deed in deeds:
        after = (
            [*signed, rules.review_awaited(state, signers, signed)] if deed == "sign" else signed
        )
        found = rules.review_next_state(state, deed, signers, after)
        if found is None:
            continue
        assert state not in ("replaced", "cancelled")
        if state == "closed":
            assert deed == flow.CORRECT
        if found == "closed":
            assert after == signers
        state, signed = found, after


def test_the_direction_signs_the_bilan_of_a_semester_last(place):
    tutor = place.cast.bruno
    review = actions.plan_review(
        livret=place.livret, kind="semester", planned_on=TODAY - timedelta(days=3), by=tutor
    )
    review = actions.open_review(review=review, by=tutor)
    texts = {"cfa": "Semestre sérieux.", "entreprise": "L'équipe lui confie des clients."}
    fields = {"held_on": TODAY, "next_on": TODAY + timedelta(days=80)}
    actions.save_review(review=review, texts=texts, fields=fields, by=tutor)
    review = actions.submit_review(review=review, by=tutor)
    for n, name in enumerate(("aicha", "chantal", "bruno")):
        review = sign(place, review, name, n)
    assert (review.state, review.awaited) == ("signing", "direction")
    with pytest.raises(DomainError, match="déjà signé"):
        sign(place, review, "bruno", 4)  # a tutor is not the direction
    (waiting,) = [one for one in waiting_in([place.enrolment], TODAY) if one.is_review]
    assert waiting.role == "direction"
    review = sign(place, review, "elise", 5)
    assert review.state == "closed"
    assert review.signatures.get(role="direction").signer_label == "Élise Faure"
