"""The periods of a cohort chosen by the CFA, laid on its livrets, laid again under what is written."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from accounts.errors import DomainError, NotAllowed
from accounts.models import Event
from livret import actions
from livret.models import LivretPeriod

from .recipes import fill_and_sign


def monthly(place) -> list[date]:
    return actions.propose_starts(place.cohort, "monthly")


def test_months_replace_quarters_and_keep_what_is_signed_and_written(place):
    fill_and_sign(place, place.period)
    signed = place.period.digest()
    second = place.livret.periods.get(number=2)
    actions.save_section(period=second, values={"apprentice_text": "Vu."}, by=place.cast.aicha)
    actions.propose_reviews(livret=place.livret, by=place.cast.bruno)
    done = actions.lay_periods(
        cohort=place.cohort, cadence="monthly", starts=monthly(place), by=place.cast.elise
    )
    assert (done.livrets, done.changed, done.kept) == (1, 1, 2)
    assert place.period.digest() == signed
    kept = place.livret.periods.get(pk=second.pk)
    assert (kept.number, kept.apprentice_text, kept.ends_on) == (2, "Vu.", second.ends_on)
    rest = place.livret.periods.filter(number__gt=2)
    assert rest.count() == 12
    assert all(review.period for review in place.livret.reviews.filter(kind="quarterly"))
    assert Event.objects.filter(verb="periods_laid").count() == 1
    # Back to quarters: the same again, nothing is lost on the way.
    quarters = actions.propose_starts(place.cohort, "quarterly")
    actions.lay_periods(
        cohort=place.cohort, cadence="quarterly", starts=quarters, by=place.cast.elise
    )
    assert place.livret.periods.count() == 6
    assert place.livret.periods.get(pk=second.pk).apprentice_text == "Vu."


def test_a_livret_opened_later_takes_the_periods_of_its_cohort(place):
    actions.lay_periods(
        cohort=place.cohort, cadence="monthly", starts=monthly(place), by=place.cast.farid
    )
    person = place.enrolment.apprentice
    person.pk, person.first_name = None, "Inès"
    person.uuid, person.user = "5d8a1a8e-0000-4000-8000-000000000001", None
    person.save()
    late = type(place.enrolment).objects.create(
        cohort=place.cohort, apprentice=person, tutor=place.cast.bruno,
        starts_on=place.cohort.starts_on + timedelta(days=40),
    )  # fmt: skip
    livret = actions.open_livret(enrolment=late, by=place.cast.elise)
    first = livret.periods.get(number=1)
    assert first.starts_on == late.starts_on
    assert first.ends_on + timedelta(days=1) in monthly(place)


@pytest.mark.parametrize("name", ["bruno", "aicha", "chantal", "gaelle", "auditor"])
def test_only_the_staff_of_the_centre_lays_periods(place, name):
    with pytest.raises(NotAllowed):
        actions.lay_periods(
            cohort=place.cohort,
            cadence="monthly",
            starts=monthly(place),
            by=getattr(place.cast, name),
        )


def test_the_page_proposes_keeps_what_was_typed_and_lays(place, signed_in):
    client = signed_in(place.cast.elise)
    url = reverse("livret:period_calendar", args=[place.cohort.uuid])
    before = LivretPeriod.objects.count()
    page = client.get(f"{url}?rythme=monthly")
    assert "pas encore posées" in page.content.decode()
    texts = [row["text"] for row in page.context["rows"]]
    assert LivretPeriod.objects.count() == before
    wrong = client.post(url, {"cadence": "monthly", "debut": [texts[0], "2000-01-01", ""]})
    assert wrong.status_code == 422
    assert "2000-01-01" in wrong.content.decode()
    assert client.post(url, {"cadence": "monthly", "debut": ["demain"]}).status_code == 422
    assert client.post(url, {"cadence": "monthly", "debut": texts}).status_code == 302
    assert place.livret.periods.count() > before


def test_a_signature_is_refused_when_the_days_of_the_period_moved_since_it_was_read(place):
    period = place.period
    actions.save_section(period=period, values={"apprentice_text": "Vu."}, by=place.cast.aicha)
    seen = place.period.digest()
    starts = actions.propose_starts(place.cohort, "quarterly")
    starts[1] += timedelta(days=6)
    actions.lay_periods(
        cohort=place.cohort, cadence="quarterly", starts=starts, by=place.cast.elise
    )
    assert place.period.ends_on == period.ends_on + timedelta(days=6)
    with pytest.raises(DomainError, match="a changé"):
        actions.sign_period(
            period=period,
            role="apprentice",
            by=place.cast.aicha,
            typed_name="Aïcha Benali",
            seen=seen,
        )
