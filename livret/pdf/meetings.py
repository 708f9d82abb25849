"""What the livret prints of the plan, the visits and bilans, and the fiches of E4 and E6."""

from typing import Any

from django.utils import timezone
from django.utils.formats import date_format

from apprentices.models import Enrolment

from .. import drawing
from ..enums import PeriodRole, ReviewKind, ReviewState
from ..models import Livret, Review
from ..rules import FORMS, coverage


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
        livret.reviews.standing()
        .order_by("planned_on", "pk")
        .prefetch_related("sections", "commitments", "signatures__signature", "signatures__scan")
    )
    return [_review(review) for review in found]


def _review(review: Review) -> dict[str, Any]:
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
        "on": date_format(held, "j F Y"),
        "mode": review.get_mode_display(),
        "participants": review.participants,
        "next_on": date_format(review.next_on, "j F Y") if review.next_on else "",
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
                "due_on": f"{row.due_on:%d/%m/%Y}",
                "state": row.get_state_display(),
            }
            for row in review.commitments.all()
        ],
        "signatures": [_signature(PeriodRole(role), signed.get(role)) for role in review.signers],
    }


def _signature(role: PeriodRole, row) -> dict[str, str]:
    if row is None:
        return {"role": role.label, "signer": "", "picture": "", "typed": "", "signed_at": ""}
    drawn = row.signature.strokes if row.signature else ""
    return {
        "role": role.label,
        "signer": row.signer_label,
        "picture": drawing.signature(drawn) if drawn else "",
        "typed": row.signature.typed_name if row.signature else "signé à la main, scan conservé",
        "signed_at": f"{timezone.localtime(row.signed_at):%d/%m/%Y à %H:%M:%S}",
    }


def review_proofs(livret: Livret) -> list[dict[str, Any]]:
    """One line per signature of any version: nothing that was signed leaves the livret."""
    rows = [
        (review, row)
        for review in livret.reviews.order_by("planned_on", "version", "pk").prefetch_related(
            "signatures__signature", "signatures__scan", "signatures__link"
        )
        for row in review.signatures.all()
    ]
    return [
        {
            "of": str(review).split(" · ")[0],
            "role": row.get_role_display(),
            "signer": row.signer_label,
            "signed_at": f"{timezone.localtime(row.signed_at):%d/%m/%Y à %H:%M:%S}",
            "means": row.means,
            "text": row.text_sha256,
            "trace": row.trace_sha256,
        }
        for review, row in rows
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
