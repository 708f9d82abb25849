"""Handing over what is held about a person: the right of access and to portability."""

from django.db import transaction

from accounts.errors import NotAllowed
from accounts.history import record
from accounts.models import User
from documents.actions import start_items
from documents.enums import ACTIVE_JOB_STATES
from documents.models import Job

from ..models import Apprentice
from ..permissions import Held, can_take_personal_data, cfa_of
from ..personal_jobs import PERSONAL_DATA, person_of

REASON = "Droit d'accès et portabilité (RGPD, articles 15 et 20)"


@transaction.atomic
def request_personal_data(*, row: Held, by: User) -> Job:
    """Ask for the archive; asked for twice while it is being made, it is the same job."""
    row = type(row).objects.select_for_update(of=("self",)).get(pk=row.pk)
    cfa = cfa_of(row)
    if not can_take_personal_data(by, row):
        raise NotAllowed("Seules l'équipe du CFA et la personne elle-même emportent ses données.")
    arguments = {str(row._meta.model_name): str(row.uuid)}
    under_way = Job.objects.filter(
        kind=PERSONAL_DATA.code, cfa=cfa, owner=by, state__in=ACTIVE_JOB_STATES
    )
    for job in under_way:
        if job.arguments == arguments:
            return job
    label = f"Données de {person_of(row, by).name}"
    job = start_items(
        kind=PERSONAL_DATA.code,
        cfa=cfa,
        label=label,
        items=[(label, {})],
        by=by,
        arguments=arguments,
    )
    verbs = ["personal_data.taken"]
    if isinstance(row, Apprentice) and row.has_nir:  # the archive holds the number in clear
        verbs.append("nir.read")
    for verb in verbs:
        record(verb, row, cfa=cfa, actor=by, reason=REASON, data={"job": str(job.uuid)})
    return job
