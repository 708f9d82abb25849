"""What is not kept for ever: how to reach the people of a company that employs nobody any more."""

import tomllib
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.history import record
from accounts.models import Event
from programmes.calendar_rules import add_months

from ..models import Company, CompanyContact, MaitreApprentissage
from ..tables import DATA

# The name stays on the contracts and documents that it signs, which have their own delay.
ERASED: dict[str, Any] = {
    "email": "",
    "phone": "",
    "born_on": None,
    "diploma": "",
    "experience_months": None,
}
STILL_HELD = (
    ~Q(email="")
    | ~Q(phone="")
    | Q(born_on__isnull=False)
    | ~Q(diploma="")
    | Q(experience_months__isnull=False)
)


def forget_contacts(today: date) -> int:
    """Erase the contacts, and how to reach the maîtres, of companies left for as long as `years` says.

    A company is left from the end of its last contract, or from the last deed on its file if it is
    later. Done again it erases nothing more.
    """
    limit = add_months(today, -12 * kept_years())
    left = (
        Company.objects.alias(
            ended_on=Max(Coalesce("contracts__broken_on", "contracts__ends_on")),
            has_contacts=Exists(CompanyContact.objects.filter(company=OuterRef("pk"))),
            has_maitres=Exists(
                MaitreApprentissage.objects.filter(STILL_HELD, company=OuterRef("pk"))
            ),
        )
        .filter(Q(ended_on__lt=limit) | Q(ended_on=None))
        .filter(Q(has_contacts=True) | Q(has_maitres=True))
    )
    known = {str(uuid): pk for pk, uuid in left.values_list("pk", "uuid")}
    since = timezone.make_aware(datetime.combine(limit, time()))
    lively = Event.objects.filter(
        subject=Company._meta.label_lower, subject_id__in=known, happened_at__gte=since
    )
    for uuid in set(lively.values_list("subject_id", flat=True)):
        del known[uuid]
    for pk in sorted(known.values()):
        _forget(pk)
    return len(known)


@transaction.atomic
def _forget(pk: int) -> None:
    company = Company.objects.select_for_update(of=("self",)).select_related("cfa").get(pk=pk)
    contacts, _ = company.contacts.all().delete()
    maitres = company.maitres.filter(STILL_HELD).update(**ERASED)
    record(
        "contacts.forgotten",
        company,
        cfa=company.cfa,
        actor=None,
        data={"contacts": contacts, "maîtres": maitres},
    )


@lru_cache(maxsize=1)
def kept_years() -> int:
    raw = tomllib.loads((DATA / "retention.toml").read_text(encoding="utf-8"))
    return int(raw["contacts"]["years"])
