"""Edit a programme in the application: hours by subject, general facts, a copy for the next year."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.text import slugify

from accounts.errors import DomainError, NotAllowed
from accounts.history import record
from accounts.models import User

from .. import store
from ..calendar_rules import Rhythm, add_months
from ..enums import Assumed
from ..loader.tree import changes
from ..models import CfaProgramme, Referentiel, Subject
from ..permissions import can_edit_programme

MOST_SUBJECTS = 60
# Which supposed values a typed field makes known.
KNOWN_BY: dict[str, tuple[str, ...]] = {
    "starts_on": (Assumed.DATES,),
    "ends_on": (Assumed.DATES,),
    "session": (Assumed.SESSION,),
    "rhythm": (Assumed.WEEKDAYS, Assumed.HALVES),
    "group_min": (Assumed.GROUP,),
    "group_max": (Assumed.GROUP,),
}


@dataclass(frozen=True, slots=True)
class SubjectRow:
    """One line of the grid; `code` is empty for a new subject."""

    code: str
    title: str
    short_title: str
    unite: str
    hours_year_1: Decimal
    hours_year_2: Decimal


def lock_programme(programme: CfaProgramme, by: User) -> CfaProgramme:
    """The programme, locked, for somebody who may edit it."""
    programme = (
        CfaProgramme.objects.select_for_update(of=("self",))
        .select_related("cfa", "referentiel")
        .get(pk=programme.pk)
    )
    if not can_edit_programme(by, programme):
        raise NotAllowed("Seule l'équipe du CFA modifie son programme.")
    return programme


@transaction.atomic
def save_subjects(
    *, programme: CfaProgramme, rows: Sequence[SubjectRow], hours_announced: Decimal, by: User
) -> CfaProgramme:
    """Make the subjects those of the grid, in its order; a subject that stays keeps its identity."""
    programme = lock_programme(programme, by)
    _check_rows(programme, rows)
    before = store.dump(programme)
    existing = {row.code: row for row in programme.subjects.all()}
    kept = {row.code for row in rows if row.code}
    if unknown := kept - set(existing):
        raise DomainError(f"La matière « {min(unknown)} » n'existe plus : rechargez la page.")
    _remove([row for code, row in existing.items() if code not in kept])
    taken = set(kept)
    for subject in existing.values():  # a title may pass from one subject to another
        if subject.code in kept:
            Subject.objects.filter(pk=subject.pk).update(title=f"~{subject.pk}")
    for position, row in enumerate(rows, 1):
        subject = existing.get(row.code) or Subject(
            programme=programme,
            code=_free_code(row.title, taken),
            source="Saisie dans l'application",
        )
        taken.add(subject.code)
        hours = (row.hours_year_1, row.hours_year_2)
        if (subject.hours_year_1, subject.hours_year_2) != hours or not subject.hours_source:
            subject.hours_source = "Saisie dans l'application"
        subject.title, subject.short_title = row.title, row.short_title or row.title[:60]
        subject.unite_code, subject.position = row.unite, position
        subject.hours_year_1, subject.hours_year_2 = hours
        subject.save()
    programme.hours_announced = hours_announced
    known = {Assumed.HOURS_BY_SUBJECT.value, Assumed.HOURS_BY_YEAR.value}
    programme.assumed = [what for what in programme.assumed if what not in known]
    return done(programme, before, by, "programme.hours")


def _check_rows(programme: CfaProgramme, rows: Sequence[SubjectRow]) -> None:
    if not 1 <= len(rows) <= MOST_SUBJECTS:
        raise DomainError(f"Un programme a de 1 à {MOST_SUBJECTS} matières.")
    titles = Counter(row.title for row in rows)
    if double := [title for title, count in titles.items() if count > 1]:
        raise DomainError(f"La matière « {double[0]} » revient deux fois : fondez les deux lignes.")
    units = set(programme.referentiel.unites.values_list("code", flat=True))
    for row in rows:
        if row.unite and row.unite not in units:
            raise DomainError(
                f"« {row.title} » : l'unité {row.unite} n'existe pas ; "
                f"choisissez parmi {', '.join(sorted(units))}."
            )
        if min(row.hours_year_1, row.hours_year_2) < 0:
            raise DomainError(f"« {row.title} » : les heures ne peuvent pas être négatives.")


def _remove(subjects: Sequence[Subject]) -> None:
    for subject in subjects:
        try:
            with transaction.atomic():
                subject.delete()
        except ProtectedError as error:
            held = {str(row._meta.verbose_name_plural) for row in error.protected_objects}
            raise DomainError(
                f"« {subject.title} » sert encore ({', '.join(sorted(held))}) : gardez cette matière, "
                "au besoin avec zéro heure."
            ) from error


def _free_code(title: str, taken: set[str]) -> str:
    base = slugify(title)[:40] or "matiere"
    return next(
        code
        for code in (base, *(f"{base}-{n}" for n in range(2, MOST_SUBJECTS + 3)))
        if code not in taken
    )


@transaction.atomic
def save_programme(*, programme: CfaProgramme, by: User, **values: Any) -> CfaProgramme:
    """Change general facts: title, session, dates, rhythm, closures, group, place, rubrics (`sections`)."""
    programme = lock_programme(programme, by)
    before = store.dump(programme)
    sections = values.pop("sections", None)
    if values["ends_on"] <= values["starts_on"]:
        raise DomainError("La fin doit suivre le début.", field="ends_on")
    if values["group_max"] < values["group_min"]:
        raise DomainError("L'effectif maximal doit atteindre le minimal.", field="group_max")
    try:
        Rhythm.from_json(values["rhythm"])
    except ValueError as error:
        raise DomainError(str(error), field="weekdays") from error
    if values["session"] != programme.session:
        programme.referentiel = referentiel_for(programme.referentiel.rncp, values["session"])
    known: set[str] = set()
    for name, value in values.items():
        if getattr(programme, name) != value:
            setattr(programme, name, value)
            known |= set(KNOWN_BY.get(name, ()))
    programme.assumed = [what for what in programme.assumed if what not in known]
    for section in programme.sections.all() if sections is not None else ():
        if section.code in sections and section.lines != sections[section.code]:
            section.lines = sections[section.code]
            section.save(update_fields=["lines"])
    return done(programme, before, by, "programme.edit")


def referentiel_for(rncp: str, session: int, field: str = "session") -> Referentiel:
    """The published version that rules a session; refused beside `field` where there is none."""
    row = Referentiel.objects.for_session(rncp, session).first()
    if row is None:
        raise DomainError(
            f"Aucune version de {rncp} n'est publiée pour la session {session}.", field=field
        )
    return row


def done(programme: CfaProgramme, before: Any, by: User, verb: str) -> CfaProgramme:
    """Save the programme and record what changed since `before`."""
    programme.edited_at, programme.edited_by = timezone.now(), by
    if not programme.assumed:
        programme.assumed_note = ""
    programme.save()
    found = changes(before, store.dump(programme))
    data = {"changes": [str(change) for change in found[:50]], "count": len(found)}
    record(verb, programme, cfa=programme.cfa, actor=by, data=data)
    return programme


@transaction.atomic
def duplicate_programme(*, programme: CfaProgramme, by: User) -> CfaProgramme:
    """The same programme one year later, with the référentiel of its own session; nothing public yet."""
    programme = lock_programme(programme, by)
    tree = store.dump(programme)
    fields = tree.fields
    session = programme.session + 1
    copy = CfaProgramme(
        cfa=programme.cfa,
        referentiel=referentiel_for(programme.referentiel.rncp, session),
        duplicated_from=programme,
        edited_at=timezone.now(),
        edited_by=by,
    )
    for name, value in fields.items():
        setattr(copy, name, value)
    copy.session = session
    copy.starts_on = add_months(programme.starts_on, 12)
    copy.ends_on = add_months(programme.ends_on, 12)
    copy.closures = [
        {**row, "first": _next_year(row["first"]), "last": _next_year(row["last"])}
        for row in programme.closures
    ]
    if anchor := programme.rhythm.get("anchor"):
        weeks = int(programme.rhythm["cycle_weeks"]) * 7
        day = date.fromisoformat(anchor)
        shift = (copy.starts_on - day).days // weeks * weeks
        copy.rhythm = {
            **programme.rhythm,
            "anchor": date.fromordinal(day.toordinal() + shift).isoformat(),
        }
    copy.title = _years_later(programme.title)
    copy.slug = free_slug(_years_later(programme.slug))
    copy.save()
    store.write(copy, tree)
    record(
        "programme.duplicate",
        copy,
        cfa=programme.cfa,
        actor=by,
        data={"from": str(programme.uuid)},
    )
    return copy


def _next_year(day: str) -> str:
    return add_months(date.fromisoformat(day), 12).isoformat()


def _years_later(text: str) -> str:
    return re.sub(r"\b20\d\d\b", lambda match: str(int(match[0]) + 1), text)


def free_slug(slug: str) -> str:
    """This slug, cut to 50 characters, or the first that no programme has with a number behind it."""
    taken = set(
        CfaProgramme.objects.filter(slug__startswith=slug[:44]).values_list("slug", flat=True)
    )
    return next(
        name
        for name in (slug[:50], *(f"{slug[:46]}-{n}" for n in range(2, 999)))
        if name not in taken
    )
