"""From candidate to enrolled: rules, deeds, pages."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.errors import DomainError, NotAllowed
from accounts.models import Event
from apprentices import actions
from apprentices.admission.rules import (
    TRANSITIONS,
    Diploma,
    positioning_problem,
    proposed_dispenses,
    without_contract,
    without_contract_problem,
)
from apprentices.enums import ApplicationAction, ApplicationState
from apprentices.models import Application

from .recipes import a_cohort, fill

TODAY = timezone.localdate()


@pytest.mark.parametrize(
    ("starts_on", "last_day"),
    [
        (date(2026, 1, 5), date(2026, 4, 4)),
        (date(2026, 9, 1), date(2026, 11, 30)),
        (date(2026, 11, 30), date(2027, 2, 28)),
        (date(2027, 11, 30), date(2028, 2, 29)),
        (date(2026, 12, 1), date(2027, 2, 28)),
    ],
)
def test_v06_gives_three_months_without_a_contract(starts_on, last_day):
    limit = without_contract(starts_on, last_day)
    assert (limit.last_day, limit.days_left, limit.is_over) == (last_day, 0, False)
    assert "L6222-12-1" in limit.sentence
    late = without_contract(starts_on, last_day + timedelta(days=1))
    assert late.is_over
    assert "dépassés" in late.sentence


@pytest.mark.parametrize(
    ("born_on", "is_right"),
    [
        (date(2010, 1, 5), True),
        (date(2010, 1, 6), False),
        (date(1996, 1, 6), True),
        (date(1996, 1, 5), False),
    ],
)
def test_v06_admits_nobody_without_contract_outside_16_to_29(born_on, is_right):
    problem = without_contract_problem(born_on, date(2026, 1, 5))
    assert (problem == "") is is_right
    assert is_right or "V06" in problem


@pytest.mark.parametrize(
    ("diplomas", "units"),
    [
        ([], []),
        ([Diploma("42", "Bac")], []),
        ([Diploma("54", "BTS MCO")], ["U1", "U2"]),
        ([Diploma("54", "BTS MCO", has_law_economics=True)], ["U1", "U2", "U3"]),
        ([Diploma("63", "Licence", has_law_economics=True)], ["U1", "U2", "U3"]),
        ([Diploma("75", "Ingénieur", has_law_economics=True)], ["U1", "U2"]),
        ([Diploma("54", "Étranger", is_french=False, has_law_economics=True)], []),
        ([Diploma("44", "DS"), Diploma("58", "Titre de niveau 5")], ["U1", "U2"]),
    ],
)
def test_it_proposes_the_dispenses_of_annexe_ii_b_and_never_a_professional_unit(diplomas, units):
    assert [d.unit for d in proposed_dispenses(diplomas)] == units


@pytest.mark.parametrize(
    ("removed", "has_problem"), [("0", False), ("2.5", False), ("2.6", True), ("-1", True)]
)
def test_it_says_when_the_hours_removed_pass_under_the_legal_minimum(removed, has_problem):
    problem = positioning_problem(Decimal(removed), Decimal("1015"), Decimal("1012.5"))
    assert bool(problem) is has_problem


def test_every_open_state_may_end_and_only_an_admitted_person_is_enrolled():
    enrolling = [state for state, action in TRANSITIONS if action == ApplicationAction.ENROL]
    assert enrolling == [ApplicationState.ADMITTED]
    for state in ("received", "waiting", "admitted"):
        assert (ApplicationState(state), ApplicationAction.WITHDRAW) in TRANSITIONS


@pytest.fixture
def application(cast):
    cohort = a_cohort(cast, ends_on=TODAY + timedelta(days=400), starts_on=date(2026, 1, 5))
    return actions.create_candidate(
        cohort=cohort,
        received_on=TODAY,
        first_name="Maya",
        last_name="Roche",
        born_on=date(TODAY.year - 20, 3, 3),
        by=cast.elise,
    )


def judge(application, cast, **values):
    known = {"interviewed_on": TODAY, "interviewer": cast.bruno, "interview_opinion": "favorable"}
    actions.record_interview(application=application, by=cast.elise, **known)
    test = {"score": Decimal(14), "maximum": Decimal(20), "hours_removed": Decimal(0)}
    actions.record_positioning(
        application=application,
        taken_on=TODAY,
        assessor=cast.bruno,
        findings="Bureautique acquise.",
        by=cast.elise,
        **{**test, **values},
    )
    application.refresh_from_db()
    return application


@pytest.mark.django_db
def test_it_admits_nobody_before_the_interview_and_the_test(cast, application):
    with pytest.raises(DomainError, match=r"entretien.*positionnement"):
        actions.decide(application=application, action="admit", by=cast.elise)
    judge(application, cast)
    actions.decide(application=application, action="admit", by=cast.elise)
    enrolment = actions.enrol_admitted(
        application=application,
        starts_on=TODAY,
        tutor=cast.bruno,
        has_contract=False,
        by=cast.elise,
    )
    application.refresh_from_db()
    assert (application.state, application.enrolment) == ("enrolled", enrolment)
    verbs = list(Event.objects.about(application).values_list("verb", flat=True))
    assert len(verbs) == 5
    with pytest.raises(DomainError, match="ne change plus"):
        actions.receive_pieces(application=application, received=["cv"], by=cast.elise)


@pytest.mark.django_db
def test_it_keeps_the_waiting_list_against_the_maximum_of_the_cohort(cast, application):
    cohort = application.cohort
    fill(cast, cohort, 1)
    actions.update_cohort(
        cohort=cohort,
        name=cohort.name,
        starts_on=cohort.starts_on,
        ends_on=cohort.ends_on,
        capacity=2,
        trainers=[],
        by=cast.elise,
    )
    second = actions.create_candidate(
        cohort=cohort,
        received_on=TODAY,
        first_name="Léo",
        last_name="Pons",
        born_on=date(2005, 1, 1),
        by=cast.elise,
    )
    for each in (application, second):
        judge(each, cast)
    actions.decide(application=application, action="admit", by=cast.elise)
    with pytest.raises(DomainError, match="complète"):
        actions.decide(application=second, action="admit", by=cast.elise)
    actions.decide(application=second, action="waitlist", by=cast.elise)
    actions.decide(application=application, action="withdraw", by=cast.elise)
    cohort.refresh_from_db()
    assert actions.places_of(cohort) == 1
    actions.decide(application=second, action="admit", by=cast.elise)
    assert Application.objects.get(pk=second.pk).waiting_since is None


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"score": Decimal(21)}, "score"),
        ({"score": Decimal(-1)}, "score"),
        ({"hours_removed": Decimal(5000)}, "hours_removed"),
    ],
)
def test_it_refuses_a_test_that_makes_no_sense(cast, application, values, field):
    with pytest.raises(DomainError) as refused:
        judge(application, cast, **values)
    assert refused.value.field == field


@pytest.mark.django_db
def test_only_the_staff_of_the_centre_decides(cast, application):
    for stranger in (cast.bruno, cast.gaelle, cast.auditor):
        with pytest.raises(NotAllowed):
            actions.decide(application=application, action="refuse", reason="Non", by=stranger)
    with pytest.raises(DomainError, match="motif"):
        actions.decide(application=application, action="refuse", by=cast.elise)


@pytest.mark.django_db
def test_a_candidate_becomes_an_apprentice_through_the_pages(cast, signed_in):
    cohort = a_cohort(cast, ends_on=TODAY + timedelta(days=400), starts_on=date(2026, 1, 5))
    client = signed_in(cast.elise)
    data = {
        "last_name": "Roche",
        "first_name": "Maya",
        "born_on": f"{TODAY.year - 20}-03-03",
        "cohort": cohort.pk,
        "received_on": TODAY.isoformat(),
    }
    wrong = client.post(reverse("apprentices:application_create"), {**data, "last_name": "R0che"})
    assert wrong.status_code == 422
    assert "s&#x27;écrit avec des lettres" in wrong.content.decode()
    page = client.post(reverse("apprentices:application_create"), data).url
    uuid = page.rstrip("/").split("/")[-1]

    def post(name, **values):
        return client.post(reverse(f"apprentices:application_{name}", args=[uuid]), values)

    assert post("pieces", piece=["identite", "cv"]).status_code == 302
    assert post("decide", decision="admit").status_code == 422
    assert post("decide", decision="nonsense").status_code == 422
    interview = {
        "entretien-interviewed_on": TODAY.isoformat(),
        "entretien-interviewer": cast.bruno.pk,
        "entretien-interview_opinion": "favorable",
        "entretien-interview_notes": "Projet commercial clair.",
    }
    late = {**interview, "entretien-interviewed_on": (TODAY + timedelta(days=1)).isoformat()}
    answer = post("interview", **late)
    assert answer.status_code == 422
    assert "Projet commercial clair." in answer.content.decode()
    assert post("interview", **interview).status_code == 302
    test = {
        "test-taken_on": TODAY.isoformat(),
        "test-assessor": cast.bruno.pk,
        "test-score": "14,5",
        "test-maximum": "20",
        "test-hours_removed": "0",
        "test-findings": "Bureautique acquise.",
    }
    assert post("positioning", **{**test, "test-score": "25"}).status_code == 422
    assert post("positioning", **test).status_code == 302
    assert post("decide", decision="admit").status_code == 302
    enrol = {"inscription-starts_on": TODAY.isoformat(), "inscription-has_contract": "oui"}
    answer = post("enrol", **enrol)
    assert "/contrat/" in answer.url
    assert client.get(page).status_code == 200
    listed = client.get(reverse("apprentices:application_list")).content.decode()
    assert "Inscrit" in listed
    export = reverse("apprentices:list_export", args=["candidatures", "csv"])
    assert "14,50" in client.get(export).content.decode("utf-8-sig")


@pytest.mark.django_db
def test_the_list_of_candidates_costs_as_many_queries_at_two_sizes(
    cast, application, signed_in, django_assert_max_num_queries
):
    client, url = signed_in(cast.bruno), reverse("apprentices:application_list")

    def queries():
        with django_assert_max_num_queries(30) as captured:
            client.get(url)
        return len(captured)

    queries()
    few = queries()
    for letter in "ABCDEFGH":
        actions.create_candidate(
            cohort=application.cohort,
            received_on=TODAY,
            first_name="Ana",
            last_name=f"Diaz {letter}",
            born_on=date(2005, 1, 1),
            by=cast.elise,
        )
    assert queries() == few
