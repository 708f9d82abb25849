"""From a row of text to one deed: the values read, then the action that the screens also call."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from accounts.errors import DomainError
from accounts.models import Cfa, User

from ..actions.cohorts import enrol_apprentice
from ..actions.contracts import create_contract
from ..actions.identity import record_nir
from ..actions.people import (
    create_apprentice,
    create_company,
    create_maitre,
    update_apprentice,
    update_company,
    update_maitre,
)
from ..communes import plain
from ..enums import ImportKind
from ..models import Apprentice, Cohort, Company, Enrolment, MaitreApprentissage
from .fields import columns_of


@dataclass(frozen=True)
class RowProblem:
    """What is wrong, where: the number of the row in the file, the title of its column."""

    row: int
    column: str
    message: str


class RowRefused(Exception):
    """A row that cannot be written; `problems` are (field, message)."""

    def __init__(self, *problems: tuple[str, str]):
        self.problems = problems
        super().__init__(problems)


Person = tuple[str, str, date]


def person_key(first_name: str, last_name: str, born_on: date) -> Person:
    """Two writings of one name are one person: Aïcha and AICHA, Jean-Noël and Jean Noël."""
    return plain(first_name), plain(last_name), born_on


@dataclass
class Context:
    """What every row needs, fetched once."""

    cfa: Cfa
    by: User
    cohorts: dict[str, Cohort] = field(default_factory=dict)
    tutors: dict[str, User] = field(default_factory=dict)
    # Who and what the centre already has; what a row adds is added here too.
    people: dict[Person, int] = field(default_factory=dict)
    companies: dict[str, int] = field(default_factory=dict)
    named: dict[str, list[Company]] = field(default_factory=dict)
    enrolled: dict[tuple[int, int], Enrolment] = field(default_factory=dict)
    maitres: dict[tuple[int, str, str], MaitreApprentissage] = field(default_factory=dict)

    def __post_init__(self) -> None:
        people = Apprentice.objects.filter(cfa=self.cfa)
        for pk, first, last, born in people.values_list("pk", "first_name", "last_name", "born_on"):
            self.people[person_key(first, last, born)] = pk
        for company in self.cfa.companies.only("pk", "cfa", "name", "siret", "city"):
            self.add_company(company)
        programmes = self.cfa.cohorts.select_related("programme__referentiel", "cfa")
        self.cohorts = {c.name.casefold(): c for c in programmes}
        members = self.cfa.memberships.active().select_related("user")
        self.tutors = {m.user.email.casefold(): m.user for m in members}

    def add_company(self, company: Company) -> None:
        """Known by its SIRET, if it has one, and by its name."""
        if company.siret:
            self.companies[company.siret] = company.pk
        others = [c for c in self.named.get(plain(company.name), []) if c.pk != company.pk]
        self.named[plain(company.name)] = [*others, company]

    def company(self, name: str, siret: str, city: str) -> int | None:
        """The company of a row: by its SIRET; without one, by its name when only one has it.

        A SIRET completes the company of that name which waits for its own.
        """
        if siret in self.companies:
            return self.companies[siret]
        same = [
            company
            for company in self.named.get(plain(name), [])
            if not (siret and company.siret)
            and not (city and company.city and plain(city) != plain(company.city))
        ]
        if len(same) > 1:
            raise RowRefused(
                ("siret", f"Plusieurs entreprises s'appellent « {name} » : donnez le SIRET.")
            )
        return same[0].pk if same else None

    def load_contracts(self) -> None:
        """Enrolments and maîtres, which only contracts look for."""
        enrolments = Enrolment.objects.filter(cohort__cfa=self.cfa)
        self.enrolled = {(e.cohort_id, e.apprentice_id): e for e in enrolments}
        maitres = MaitreApprentissage.objects.filter(company__cfa=self.cfa)
        self.maitres = {
            (m.company_id, plain(m.last_name), plain(m.first_name)): m
            for m in maitres.select_related("company")
        }

    def cohort(self, name: str) -> Cohort:
        found = self.cohorts.get(name.casefold())
        if not found:
            known = ", ".join(c.name for c in self.cohorts.values()) or "aucune"
            raise RowRefused(("cohort", f"Promotion « {name} » inconnue (promotions : {known})."))
        return found


def read_row(kind: str, cells: dict[str, str]) -> dict[str, Any]:
    """The values of a row by field, empty ones left out; RowRefused with every unreadable cell."""
    values: dict[str, Any] = {}
    problems = []
    in_doubt: set[str] = set()
    for column in columns_of(kind):
        text = cells.get(column.name, "").strip()
        if not text:
            continue
        try:
            value = column.read(text)
        except ValueError as error:
            problems.append((column.name, str(error)))
            in_doubt.update(column.fills or (column.name,))
        else:
            values |= (
                dict(zip(column.fills, value, strict=True))
                if column.fills
                else {column.name: value}
            )
    problems += [
        (column.name, f"{column.title} : cette cellule est obligatoire.")
        for column in columns_of(kind)
        if column.is_required and column.name not in values and column.name not in in_doubt
    ]
    if problems:
        raise RowRefused(*problems)
    return values


def write_row(kind: str, values: dict[str, Any], context: Context) -> bool:
    """Do what the row says; True when it made a new record, False when it completed one."""
    return WRITERS[kind](dict(values), context)


def _apprentice(values: dict[str, Any], context: Context) -> bool:
    cohort, enters_on = values.pop("cohort", ""), values.pop("enters_on", None)
    nir, tutor_email = values.pop("nir", ""), values.pop("tutor", "")
    key = person_key(values["first_name"], values["last_name"], values["born_on"])
    known = context.people.get(key)
    if known:
        for name in ("first_name", "last_name", "born_on"):  # the record's own spelling stays
            values.pop(name)
        apprentice = update_apprentice(apprentice=Apprentice(pk=known), by=context.by, **values)
    else:
        apprentice = create_apprentice(cfa=context.cfa, by=context.by, **values)
    if nir:
        record_nir(apprentice=apprentice, number=nir, by=context.by)
    if cohort:
        place = context.cohort(cohort)
        if not known or not place.enrolments.filter(apprentice=apprentice).exists():
            tutor = context.tutors.get(tutor_email.casefold()) if tutor_email else None
            if tutor_email and not tutor:
                raise RowRefused(("tutor", f"{tutor_email} n'est pas membre du CFA."))
            enrol_apprentice(
                cohort=place,
                apprentice=apprentice,
                tutor=tutor,
                starts_on=enters_on or place.starts_on,
                by=context.by,
            )
    context.people[key] = apprentice.pk
    return known is None


def _company(values: dict[str, Any], context: Context) -> bool:
    maitre = {
        name.removeprefix("maitre_"): values.pop(name)
        for name in list(values)
        if name.startswith("maitre_")
    }
    name, siret = values["name"], values.get("siret", "")
    found = context.company(name, siret, values.get("city", ""))
    if found:
        if siret not in context.companies:
            values.pop("name")  # found by its name: the record's own spelling stays
        company = update_company(company=Company(pk=found), by=context.by, **values)
    else:
        company = create_company(cfa=context.cfa, by=context.by, **values)
    if maitre:
        if not {"first_name", "last_name"} <= set(maitre):
            raise RowRefused(
                ("maitre_last_name", "Donnez le nom et le prénom du maître d'apprentissage.")
            )
        names = maitre["last_name"], maitre["first_name"]
        known = _maitre_of(company, *names) if found else None
        try:
            if known:
                update_maitre(maitre=known, by=context.by, **maitre)
            else:
                create_maitre(company=company, by=context.by, **maitre)
        except DomainError as error:
            raise RowRefused((f"maitre_{error.field}", error.message)) from error
    context.add_company(company)
    return found is None


def _maitre_of(company: Company, last_name: str, first_name: str) -> MaitreApprentissage | None:
    names = plain(last_name), plain(first_name)
    maitres = company.maitres.all()
    return next((m for m in maitres if (plain(m.last_name), plain(m.first_name)) == names), None)


def _contract(values: dict[str, Any], context: Context) -> bool:
    if not context.maitres:
        context.load_contracts()
    cohort = context.cohort(values.pop("cohort"))
    apprentice = context.people.get(
        person_key(values["first_name"], values["last_name"], values["born_on"])
    )
    if not apprentice:
        raise RowRefused(
            ("last_name", "Aucun apprenti de ces nom, prénom et naissance : importez-le d'abord.")
        )
    enrolment = context.enrolled.get((cohort.pk, apprentice))
    if not enrolment:
        name = f"{values['first_name']} {values['last_name']}"
        raise RowRefused(("cohort", f"{name} n'est pas inscrit dans {cohort}."))
    company = context.companies.get(values.pop("siret"))
    if not company:
        raise RowRefused(("siret", "Aucune entreprise de ce SIRET : importez-la d'abord."))
    last_name, first_name = values.pop("maitre_last_name"), values.pop("maitre_first_name")
    maitre = context.maitres.get((company, plain(last_name), plain(first_name)))
    if not maitre:
        raise RowRefused(
            (
                "maitre_last_name",
                f"{first_name} {last_name} n'est pas maître d'apprentissage de cette entreprise.",
            )
        )
    for person in ("first_name", "last_name", "born_on"):
        values.pop(person)
    values["weekly_minutes"] = round(values.pop("weekly_hours", Decimal(35)) * 60)
    create_contract(
        enrolment=enrolment, company=maitre.company, maitre=maitre, by=context.by, **values
    )
    return True


WRITERS: dict[str, Callable[[dict[str, Any], Context], bool]] = {
    ImportKind.APPRENTICES: _apprentice,
    ImportKind.COMPANIES: _company,
    ImportKind.CONTRACTS: _contract,
}
