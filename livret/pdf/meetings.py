"""What the livret prints of the plan, the visits and bilans, and the fiches of E4 and E6."""

from typing import Any

from accounts.french import long_date
from apprentices.models import Enrolment

from ..enums import PeriodRole, ReviewKind, ReviewState
from ..models import Livret, Review
from ..rules import FORMS, coverage
from .facts import short
from .signing import signature

REVIEW_PREFETCH = (
    "sections",
    "commitments",
    "signatures__signature",
    "signatures__scan__recorded_by",
)


def plan_rows(livret: Livret, names: dict[int, str]) -> list[dict[str, Any]]:
    """The tasks of the plan; `names` gives the mark of each competence."""
    tasks = livret.plan_tasks.filter(removed_at__isnull=True).prefetch_related("competences")
    return [
        {
            "title": task.title,
            "term": task.get_term_display(),
            "kind": task.get_network_display() or task.get_kind_display(),
            "codes": sorted(names[c.pk] for c in task.competences.all() if c.pk in names),
        }
        for task in tasks
    ]


def reviews(livret: Livret) -> list[dict[str, Any]]:
    """Each meeting in the version that counts: planned, or held with its text and signatures."""
    found = (
        livret.reviews.standing().order_by("planned_on", "pk").prefetch_related(*REVIEW_PREFETCH)
    )
    return [review_rows(review) for review in found]


def review_rows(review: Review) -> dict[str, Any]:
    """One meeting with its texts, promises and signatures."""
    texts = {section.key: section.text for section in review.sections.all()}
    is_written = review.state in (ReviewState.SIGNING, ReviewState.CLOSED)
    held = review.held_on or review.planned_on
    signed = {row.role: row for row in review.signatures.all()}
    return {
        "name": str(review).split(" · ")[0],
        "uuid": str(review.uuid),
        "is_written": is_written,
        "is_plan": review.kind == ReviewKind.PLAN,
        "state": review.get_state_display(),
        "on": long_date(held),
        "mode": review.get_mode_display(),
        "participants": review.participants,
        "next_on": long_date(review.next_on),
        "sections": [
            {"label": section.label, "text": texts.get(section.key, "")}
            for section in FORMS[review.kind].sections
        ]
        if is_written
        else [],
        "facts": review.facts if is_written else {},
        "commitments": [
            {
                "who": row.get_who_display(),
                "text": row.text,
                "due_on": short(row.due_on),
                "state": row.get_state_display(),
            }
            for row in review.commitments.all()
        ],
        "signatures": [signature(PeriodRole(role), signed.get(role)) for role in review.signers],
    }


def all_signatures(livret: Livret) -> list[tuple[str, Any]]:
    """The signatures of every version, with the name of the meeting: nothing that was signed leaves the livret."""
    return [
        (str(review).split(" · ")[0], row)
        for review in livret.reviews.order_by("planned_on", "version", "pk").prefetch_related(
            *REVIEW_PREFETCH, "signatures__link"
        )
        for row in review.signatures.all()
    ]


def fiches(enrolment: Enrolment) -> list[dict[str, Any]]:
    """For each fiche that E4 and E6 ask: its title and missions, or that it is missing."""
    found = {
        (fiche.epreuve, fiche.need): fiche
        for fiche in enrolment.livret.fiches.prefetch_related("tasks")
    }
    rows = []
    for need in coverage.NEEDS:
        fiche = found.get((need.epreuve, need.code))
        rows.append(
            {
                "epreuve": need.epreuve,
                "label": need.label,
                "title": fiche.title if fiche else "",
                "state": fiche.get_state_display() if fiche else "À écrire",
                "tasks": [task.title for task in fiche.tasks.all()] if fiche else [],
            }
        )
    return rows
