"""What the livret holds about a person (RGPD, articles 15 and 20)."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q

from accounts.personal import Area, Of, Person, Section, declare
from attendance.models import Signature

from .enums import PeriodRole
from .models import (
    ApprenticeDocument,
    Commitment,
    CompanyCorrection,
    CompetencePosition,
    Digest,
    Fiche,
    Livret,
    LivretPeriod,
    PeriodSignature,
    PeriodTask,
    PersonalLink,
    PlanTask,
    Proof,
    Review,
    ReviewSection,
    ReviewSignature,
    Scan,
)
from .rules.coverage import NEEDS, RUBRICS
from .rules.reviews import FORMS

ROLES = dict(PeriodRole.choices)
FICHES: dict[str, str] = {str(need.code): need.label for need in NEEDS}


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
    fiches = Fiche.objects.filter(livret__enrolment__apprentice=one)
    yield Section("Fiches d'activité", fiches, more=_fiche)
    reviews = Review.objects.filter(livret__enrolment__apprentice=one)
    yield Section("Visites et bilans", reviews, more=_review)
    texts = ReviewSection.objects.filter(review__in=reviews).select_related("review")
    yield Section("Textes des visites et bilans", texts, more=_text)
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


def _fiche(fiche: Fiche) -> dict[str, Any]:
    labels = {key: label for key, label, _help in RUBRICS.get(fiche.epreuve, ())}
    words = {labels.get(key, key): text for key, text in fiche.rubrics.items()}
    return {"need": FICHES.get(fiche.need, fiche.need), "rubrics": words}


def _review(review: Review) -> dict[str, Any]:
    return {"signers": [ROLES.get(role, role) for role in review.signers]}


def _text(text: ReviewSection) -> dict[str, Any]:
    labels = {one.key: one.label for one in FORMS[text.review.kind].sections}
    return {"key": labels.get(text.key, text.key)}


def _company(person: Person) -> Iterable[Section]:
    """What somebody signed and was sent, without whom it was about (art. 15-4)."""
    links = PersonalLink.objects.filter(maitre__in=person.maitres)
    dates = ("deed", "created_at", "expires_at", "confirmed_at", "last_used_at", "revoked_at")
    yield Section("Liens personnels reçus", links, only=dates)
    asked = CompanyCorrection.objects.filter(maitre__in=person.maitres)
    yield Section("Corrections demandées", asked.select_related("company", "maitre"))
    mine = Q(signature__signer=person.user_pk) | Q(link__maitre__in=person.maitres)
    given = Signature.objects.none()
    for title, model, cfa in (
        ("périodes", PeriodSignature, "period__livret__enrolment__cohort__cfa"),
        ("visites et bilans", ReviewSignature, "review__livret__enrolment__cohort__cfa"),
    ):
        signed = model.objects.filter(mine, **{cfa: person.cfa}).select_related("signature", "scan")
        yield Section(f"Signatures des {title}", signed, only=("role",), more=_signed)
        given |= Signature.objects.filter(pk__in=signed.values("signature"))
    traces = given.order_by("signed_at", "pk")
    yield Section("Tracés de ces signatures", traces, leave=("signer", "scan"))


def _reminders(person: Person) -> Iterable[Section]:
    sent = Digest.objects.filter(cfa=person.cfa, recipient__in=person.emails)
    yield Section("Rappels envoyés", sent, only=("recipient", "day", "sent_at"))


declare(
    Area("livret", "Livret d'apprentissage", _livret),
    Area("entreprise", "Suivi en entreprise", _company, of=Of.WORK),
    Area("rappels", "Rappels par courriel", _reminders, of=Of.EVERYBODY),
    apart={"livret.PersonalLink": "la clé du maître d'apprentissage, un tiers"},
    apart_at_work={
        "livret.Reminder": "combien de fois une chose a été rappelée ; les envois sont dans rappels.json",
    },
)
