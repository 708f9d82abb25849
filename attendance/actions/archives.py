"""The dossier of proofs: asked for, made in the background, forgotten after a week."""

from django.db import transaction

from accounts.errors import DomainError, NotAllowed
from accounts.history import record
from accounts.models import Cfa, User
from documents.actions import start_items
from documents.enums import ACTIVE_JOB_STATES
from documents.models import Job

from ..permissions import can_export_proofs
from ..proofs.export import Scope, sheets_of
from ..proofs.kinds import EXPORT_KIND, arguments_of


@transaction.atomic
def request_archive(*, scope: Scope, by: User) -> Job:
    """Ask for the ZIP of the proofs; asked for twice while it is being made, it is the same job."""
    Cfa.objects.select_for_update(of=("self",)).get(pk=scope.cfa.pk)
    if not can_export_proofs(by, scope.cfa):
        raise NotAllowed("Seuls l'équipe du CFA et l'auditeur emportent les preuves.")
    if not sheets_of(scope).exists():
        raise DomainError("Aucune feuille à ces dates : élargissez la période.")
    arguments = arguments_of(scope)
    under_way = Job.objects.filter(
        kind=EXPORT_KIND.code, cfa=scope.cfa, owner=by, state__in=ACTIVE_JOB_STATES
    )
    for job in under_way:
        if job.arguments == arguments:
            return job
    label = f"Dossier de preuves de {scope.label}"
    job = start_items(
        kind=EXPORT_KIND.code,
        cfa=scope.cfa,
        label=label,
        items=[(f"{label}, du {scope.first:%d/%m/%Y} au {scope.last:%d/%m/%Y}", {})],
        by=by,
        arguments=arguments,
    )
    record(
        "export_proofs",
        scope.enrolment or scope.cohort,
        cfa=scope.cfa,
        actor=by,
        data=arguments | {"job": str(job.uuid)},
    )
    return job
