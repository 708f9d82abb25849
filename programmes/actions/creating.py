"""A CFA's first programme, from nothing but a diploma, dates and the days at the CFA."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from accounts.errors import DomainError, NotAllowed
from accounts.history import record
from accounts.models import Cfa, User
from accounts.permissions import is_staff_of

from ..calendar_rules import Rhythm, minimum_hours_between
from ..models import CfaProgramme, Subject
from .editing import free_slug, referentiel_for

SOURCE = "Saisie dans l'application"
LONGEST_YEARS = 4


@transaction.atomic
def create_programme(
    *,
    cfa: Cfa,
    rncp: str,
    starts_on: date,
    ends_on: date,
    rhythm: dict[str, Any],
    group_max: int,
    by: User,
) -> CfaProgramme:
    """A programme with one subject for each unit that the diploma requires, its hours to be shared out.

    The hours announced are the legal minimum of these dates (D643-8), the exam session is the year of the
    last day; both are corrected on the programme's own pages.
    """
    if not is_staff_of(by, cfa):
        raise NotAllowed("Seule l'équipe du CFA crée son programme.")
    if ends_on <= starts_on:
        raise DomainError("La fin doit suivre le début.", field="ends_on")
    if ends_on.year - starts_on.year > LONGEST_YEARS:
        raise DomainError(
            "Une formation de plus de quatre ans : vérifiez les dates.", field="ends_on"
        )
    try:
        Rhythm.from_json(rhythm)
    except ValueError as error:
        raise DomainError(str(error), field="weekdays") from error
    referentiel = referentiel_for(rncp, ends_on.year, field="ends_on")
    years = f"{starts_on:%Y}-{ends_on:%Y}"
    title = f"{referentiel.diploma} {referentiel.acronym} {years}"
    if CfaProgramme.objects.filter(cfa=cfa, title=title, starts_on=starts_on).exists():
        raise DomainError(f"« {title} » existe déjà : ouvrez-le depuis la liste des programmes.")
    programme = CfaProgramme.objects.create(
        cfa=cfa,
        referentiel=referentiel,
        slug=free_slug(slugify(f"{cfa.slug}-{referentiel.acronym}-{years}")),
        title=title,
        session=ends_on.year,
        starts_on=starts_on,
        ends_on=ends_on,
        hours_announced=minimum_hours_between(
            starts_on,
            ends_on,
            hours_per_year=referentiel.hours_per_year,
            cycle_months=referentiel.cycle_months,
        ),
        group_max=group_max,
        rhythm=rhythm,
        source=SOURCE,
        edited_at=timezone.now(),
        edited_by=by,
    )
    Subject.objects.bulk_create(
        Subject(
            programme=programme,
            code=slugify(unite.code),
            unite_code=unite.code,
            title=unite.title,
            short_title=unite.title[:60],
            hours_year_1=0,
            hours_year_2=0,
            source=SOURCE,
            position=position,
        )
        for position, unite in enumerate(referentiel.unites.filter(is_optional=False), 1)
    )
    record("programme.create", programme, cfa=cfa, actor=by)
    return programme
