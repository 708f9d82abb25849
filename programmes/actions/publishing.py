"""Publish a programme: a dated version that never changes, and its PDF."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.errors import DomainError, NotAllowed
from accounts.history import record
from accounts.models import User
from documents.actions import request_document
from documents.freezing import freeze

from ..conformity_selectors import findings_of, stopping
from ..models import CfaProgramme, ProgrammePublication
from ..pdf import programme_context
from ..permissions import can_edit_programme

KIND = "programme"
# What differs from one version to the next without anything having changed.
DATED = {"number", "published_on"}


@transaction.atomic
def publish_programme(*, programme: CfaProgramme, reason: str, by: User) -> ProgrammePublication:
    """Freeze what the public page prints and ask for its PDF.

    Refused while a blocking finding stands on hours or dates, which the page would print from the CFA's own
    values; everything else that it prints is official.
    """
    programme = (
        CfaProgramme.objects.select_for_update(of=("self",))
        .select_related("cfa", "referentiel")
        .get(pk=programme.pk)
    )
    if not can_edit_programme(by, programme):
        raise NotAllowed("Seule l'équipe du CFA publie son programme.")
    held = findings_of(programme)
    if stops := stopping(held):
        told = " ; ".join(f"{row.subject} ({row.id})" for row in stops)
        raise DomainError(
            f"Publication arrêtée par {len(stops)} constat{'s' if len(stops) > 1 else ''} sur des valeurs "
            f"que la page imprimerait : {told}. Corrigez le programme, ou acceptez le constat avec un motif."
        )
    reason = reason.strip()
    if not reason:
        raise DomainError("Dites ce qui change dans cette version.", field="reason")
    now = timezone.now()
    last = programme.publications.first()
    context = freeze(
        programme_context(programme, held, number=last.number + 1 if last else 1, at=now),
        programme.cfa,
    )
    if last and _content(last.context) == _content(context):
        raise DomainError(
            f"Rien n'a changé depuis la version {last.number} : il n'y a rien à publier."
        )
    document = request_document(
        kind=KIND,
        cfa=programme.cfa,
        title="Programme de formation",
        subject_label=f"{programme}, version {context['number']}",
        context=context,
        file_name=f"Programme_{programme.slug}_v{context['number']}.pdf",
        by=by,
        replaces=last.document if last and _replaceable(last) else None,
    )
    row = ProgrammePublication.objects.create(
        programme=programme,
        number=context["number"],
        published_at=now,
        published_by=by,
        reason=reason[:300],
        context=context,
        document=document,
    )
    record(
        "programme.publish",
        programme,
        cfa=programme.cfa,
        actor=by,
        reason=reason[:300],
        data={"number": row.number, "document": str(document.uuid)},
    )
    return row


def _replaceable(last: ProgrammePublication) -> bool:
    """Its PDF has been issued and nothing replaces it yet; it stays at its own address."""
    return last.document.is_sealed and not hasattr(last.document, "replaced_by")


def _content(context: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in context.items() if key not in DATED}
