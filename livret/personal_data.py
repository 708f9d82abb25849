"""What the livret holds about a person (RGPD, articles 15 and 20)."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q

from accounts.personal import Area, Person, Section, declare

from .models import (
    ApprenticeDocument,
    Commitment,
    CompetencePosition,
    Fiche,
    Livret,
    LivretPeriod,
    PeriodSignature,
    PeriodTask,
    PlanTask,
    Proof,
    Review,
    ReviewSection,
    ReviewSignature,
    Scan,
)


def _signed(given: PeriodSignature | ReviewSignature) -> dict[str, Any]:
    return {
        "signataire": given.signer_label,
        "signé le": given.signed_at,
        "empreinte de la signature": given.trace_sha256,
    }


def _livret(person: Person) -> Iterable[Section]:
    one = person.apprentice
    yield Section("Livret", Livret.objects.filter(enrolment__apprentice=one))
    periods = LivretPeriod.objects.filter(livret__enrolment__apprentice=one)
    yield Section("Périodes", periods.order_by("livret", "number"))
    positions = CompetencePosition.objects.filter(period__in=periods)
    yield Section("Compétences", positions.select_related("competence", "period"))
    tasks = PeriodTask.objects.filter(period__in=periods)
    yield Section("Missions", tasks.prefetch_related("competences"))
    yield Section("Missions prévues", PlanTask.objects.filter(livret__enrolment__apprentice=one))
    yield Section("Preuves jointes", Proof.objects.filter(period__in=periods))
    yield Section("Fiches d'activité", Fiche.objects.filter(livret__enrolment__apprentice=one))
    reviews = Review.objects.filter(livret__enrolment__apprentice=one)
    yield Section("Visites et bilans", reviews)
    yield Section("Textes des visites et bilans", ReviewSection.objects.filter(review__in=reviews))
    yield Section("Engagements", Commitment.objects.filter(review__in=reviews))
    of_periods = PeriodSignature.objects.filter(period__in=periods)
    of_reviews = ReviewSignature.objects.filter(review__in=reviews)
    aside = ("signature", "link")
    for title, given in (("périodes", of_periods), ("visites et bilans", of_reviews)):
        given = given.select_related("signature", "scan")
        yield Section(f"Signatures des {title}", given, leave=aside, more=_signed)
    by_hand = Q(periodsignatures__in=of_periods) | Q(reviewsignatures__in=of_reviews)
    yield Section("Pages signées à la main", Scan.objects.filter(by_hand).distinct())
    issued = ApprenticeDocument.objects.filter(enrolment__apprentice=one)
    yield Section("Attestations et livrets émis", issued)


declare(
    Area("livret", "Livret d'apprentissage", _livret),
    apart={"livret.PersonalLink": "la clé du maître d'apprentissage, un tiers"},
)
