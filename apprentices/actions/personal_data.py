"""Handing over what is held about a person: the right of access and to portability."""

from django.db import transaction

from accounts.errors import NotAllowed
from accounts.history import record
from accounts.models import User
from documents.actions import start_items
from documents.enums import ACTIVE_JOB_STATES
from documents.models import Job

from ..models import Apprentice
from ..permissions import can_take_personal_data
from ..personal_jobs import PERSONAL_DATA

REASON = "Droit d'accès et portabilité (RGPD, articles 15 et 20)"


@transaction.atomic
def request_personal_data(*, apprentice: Apprentice, by: User) -> Job:
    """Ask for the archive; asked for twice while it is being made, it is the same job."""
    apprentice = (
        Apprentice.objects.select_for_update(of=("self",))
        .select_related("cfa")
        .get(pk=apprentice.pk)
    )
    if not can_take_personal_data(by, apprentice):
        raise NotAllowed("Seules l'équipe du CFA et la personne elle-même emportent ses données.")
    arguments = {"apprentice": str(apprentice.uuid)}
    under_way = Job.objects.filter(
        kind=PERSONAL_DATA.code, cfa=apprentice.cfa, owner=by, state__in=ACTIVE_JOB_STATES
    )
    for job in under_way:
        if job.arguments == arguments:
            return job
    label = f"Données de {apprentice}"
    job = start_items(
        kind=PERSONAL_DATA.code,
        cfa=apprentice.cfa,
        label=label,
        items=[(label, {})],
        by=by,
        arguments=arguments,
    )
    data = {"job": str(job.uuid)}
    record(
        "personal_data.taken",
        apprentice,
        cfa=apprentice.cfa,
        actor=by,
        reason=REASON,
        data=data,
    )
    if apprentice.has_nir:  # the archive holds the number in clear
        record("nir.read", apprentice, cfa=apprentice.cfa, actor=by, reason=REASON, data=data)
    return job
