"""What is not kept for ever: the documents that justify absences may tell somebody's health."""

from datetime import date

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.history import record

from ..doors import doors_of
from ..models import Justification
from ..rules.absences import files_end_on


def purge_justifications(*, today: date) -> int:
    """Erase the files and comments of absences that ended long ago; the nature and the dates stay.

    Each centre sets how long (`file_months`). Done again it erases nothing more: after a crash between
    the file and its row, the next night finds no file and writes the row.
    """
    shortest = files_end_on(today, -1)
    candidates = (
        Justification.objects.filter(ends_on__lt=shortest, purged_at=None)
        .exclude(Q(file="") & Q(comment=""))
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    return sum(_purge(pk, today) for pk in list(candidates))


@transaction.atomic
def _purge(pk: int, today: date) -> bool:
    justification = (
        Justification.objects.select_for_update(of=("self",))
        .select_related("enrolment__cohort__cfa", "enrolment__apprentice")
        .get(pk=pk)
    )
    cfa = justification.enrolment.cohort.cfa
    if files_end_on(justification.ends_on, doors_of(cfa).file_months) > today:
        return False
    if justification.file:
        justification.file.delete(save=False)
    justification.file_name = justification.comment = ""
    justification.purged_at = timezone.now()
    justification.save(update_fields=("file", "file_name", "comment", "purged_at"))
    data = {"sha256": justification.sha256, "size": justification.size}
    record("purge_justification", justification, cfa=cfa, actor=None, data=data)
    return True
