"""Apprentices, companies and maîtres d'apprentissage."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.enums import Role
from accounts.errors import DomainError
from accounts.history import record
from accounts.models import Cfa, User
from accounts.rules import compact, siret_problem

from ..communes import commune, guess
from ..enums import ContractState
from ..field_checks import COMPANY, MAITRE, PERSON, problems, tidy
from ..models import Apprentice, Company, Contract, MaitreApprentissage
from ..permissions import must_run_cfa
from .addresses import refuse_another_address
from .saving import change, clean_and_save, lock_cfa, refuse

COMPANY_FIELDS = frozenset(
    [
        "naf",
        "idcc",
        "opco",
        "headcount",
        "employer_type",
        "employer_specific",
        "address",
        "postcode",
        "city",
        "insee",
        "email",
        "phone",
    ]
)
MAITRE_FIELDS = frozenset(
    [
        "born_on",
        "email",
        "phone",
        "job_title",
        "user",
        "status",
        "diploma",
        "is_diploma_related",
        "experience_months",
        "attested_on",
    ]
)
# The history says that they changed, never what they say.
HEALTH_FIELDS = frozenset(["rqth", "adjustments"])
PRIVATE = ["(non conservé)", "(non conservé)"]
APPRENTICE_FIELDS = frozenset(
    [
        "usage_name",
        "sex",
        "birth_place",
        "birth_insee",
        "nationality",
        "ine",
        "email",
        "phone",
        "address",
        "postcode",
        "city",
        "user",
        "residence_insee",
        "rqth",
        "adjustments",
        "is_emancipated",
        "legal_representative",
        "legal_representative_email",
        "legal_representative_phone",
        "legal_representative_address",
        "second_representative",
        "second_representative_email",
        "second_representative_phone",
        "situation_before",
        "last_class",
        "last_diploma",
        "last_diploma_title",
        "highest_diploma",
        "situation_n1",
        "school_n1",
        "boarding",
        "representative_pcs",
    ]
)


@transaction.atomic
def create_company(*, cfa: Cfa, name: str, by: User, siret: str = "", **fields: Any) -> Company:
    """Record an employer; its SIRET, which may come later but before a contract, is unique in the CFA."""
    lock_cfa(cfa)
    must_run_cfa(by, cfa)
    company = Company(
        cfa=cfa, name=name.strip(), siret=_clean_siret(siret), **_known(fields, COMPANY_FIELDS)
    )
    _check_company(company)
    clean_and_save(company)
    record("company.created", company, cfa=cfa, actor=by, data={"siret": company.siret})
    return company


@transaction.atomic
def update_company(*, company: Company, by: User, **fields: Any) -> Company:
    """Correct a company."""
    company = Company.objects.select_for_update(of=("self",)).get(pk=company.pk)
    must_run_cfa(by, company.cfa)
    if "siret" in fields:
        fields["siret"] = _clean_siret(fields["siret"])
        if company.siret and not fields["siret"]:
            raise DomainError("Un SIRET se corrige, il ne se retire pas.", field="siret")
    changed = change(company, _known(fields, COMPANY_FIELDS | {"name", "siret"}))
    _check_company(company)
    clean_and_save(company)
    if changed:
        record("company.changed", company, cfa=company.cfa, actor=by, data=changed)
    return company


@transaction.atomic
def create_maitre(
    *, company: Company, first_name: str, last_name: str, by: User, **fields: Any
) -> MaitreApprentissage:
    """Name a maître d'apprentissage; an account with the same address and role is linked."""
    company = Company.objects.select_for_update(of=("self",)).get(pk=company.pk)
    must_run_cfa(by, company.cfa)
    maitre = MaitreApprentissage(
        company=company,
        first_name=first_name.strip(),
        last_name=last_name.strip(),
        **_known(fields, MAITRE_FIELDS),
    )
    _check_maitre(maitre)
    maitre.user = maitre.user or _account_of(company.cfa, maitre.email, Role.MAITRE)
    clean_and_save(maitre)
    record(
        "maitre.designated",
        maitre,
        cfa=company.cfa,
        actor=by,
        data={"entreprise": str(company)},
    )
    return maitre


@transaction.atomic
def update_maitre(*, maitre: MaitreApprentissage, by: User, **fields: Any) -> MaitreApprentissage:
    """Correct a maître d'apprentissage."""
    maitre = MaitreApprentissage.objects.select_for_update(of=("self",)).get(pk=maitre.pk)
    cfa = maitre.company.cfa
    must_run_cfa(by, cfa)
    changed = change(maitre, _known(fields, MAITRE_FIELDS | {"first_name", "last_name"}))
    refuse_another_address(maitre, changed)
    _check_maitre(maitre)
    maitre.user = maitre.user or _account_of(cfa, maitre.email, Role.MAITRE)
    clean_and_save(maitre)
    if changed:
        record("maitre.changed", maitre, cfa=cfa, actor=by, data=changed)
    return maitre


@transaction.atomic
def create_apprentice(
    *, cfa: Cfa, first_name: str, last_name: str, born_on: date, by: User, **fields: Any
) -> Apprentice:
    """Record an apprentice; an account with the same address and role is linked."""
    lock_cfa(cfa)
    must_run_cfa(by, cfa)
    apprentice = Apprentice(
        cfa=cfa,
        first_name=first_name.strip(),
        last_name=last_name.strip(),
        born_on=born_on,
        **_known(fields, APPRENTICE_FIELDS),
    )
    _with_places(apprentice, fields)
    _check_apprentice(apprentice)
    apprentice.user = apprentice.user or _account_of(cfa, apprentice.email, Role.APPRENTICE)
    clean_and_save(apprentice)
    record("apprentice.created", apprentice, cfa=cfa, actor=by)
    return apprentice


@transaction.atomic
def update_apprentice(*, apprentice: Apprentice, by: User, **fields: Any) -> Apprentice:
    """Correct an apprentice's civil status and addresses."""
    apprentice = Apprentice.objects.select_for_update(of=("self",)).get(pk=apprentice.pk)
    must_run_cfa(by, apprentice.cfa)
    allowed = APPRENTICE_FIELDS | {"first_name", "last_name", "born_on"}
    values = _known(fields, allowed)
    if values.get("born_on", apprentice.born_on) != apprentice.born_on and (
        _has_firm_contract(apprentice)
    ):
        raise DomainError(
            "Un contrat signé repose sur cette date de naissance : elle ne change plus ici.",
            field="born_on",
        )
    changed = change(apprentice, values)
    refuse_another_address(apprentice, changed)
    _with_places(apprentice, changed)
    _check_apprentice(apprentice)
    apprentice.user = apprentice.user or _account_of(
        apprentice.cfa, apprentice.email, Role.APPRENTICE
    )
    clean_and_save(apprentice)
    if changed:
        told = {name: PRIVATE if name in HEALTH_FIELDS else told for name, told in changed.items()}
        record("apprentice.changed", apprentice, cfa=apprentice.cfa, actor=by, data=told)
    return apprentice


@transaction.atomic
def link_account(*, cfa: Cfa, user: User, role: str) -> int:
    """Give a new member the profiles that carry the same e-mail address and no account yet.

    Done by the system when an invitation is accepted; the address has been proved by then.
    """
    of_role: dict[Role, QuerySet[Any]] = {
        Role.APPRENTICE: Apprentice.objects.filter(cfa=cfa),
        Role.MAITRE: MaitreApprentissage.objects.filter(company__cfa=cfa),
    }
    profiles = of_role.get(Role(role))
    if profiles is None:
        return 0
    found = profiles.select_for_update(of=("self",)).filter(user=None, email__iexact=user.email)
    count = 0
    for profile in found:
        profile.user = user
        profile.save(update_fields=["user"])
        record("account.linked", profile, cfa=cfa, actor=None, data={"compte": user.email})
        count += 1
    return count


def _known(fields: dict[str, Any], names: frozenset[str]) -> dict[str, Any]:
    """The fields of this model only, trimmed; codes lose their spaces, telephones take one form."""
    unknown = set(fields) - names
    if unknown:
        raise TypeError(f"unexpected fields: {', '.join(sorted(unknown))}")
    values = {
        name: value.strip() if isinstance(value, str) else value for name, value in fields.items()
    }
    return {
        name: tidy(name, value) if isinstance(value, str) else value
        for name, value in values.items()
    }


def _with_places(apprentice: Apprentice, changed: Iterable[str]) -> None:
    """Write the commune's name beside its code, and guess the code of residence when it is sure."""
    if "birth_insee" in changed and (found := commune(apprentice.birth_insee)):
        apprentice.birth_place = apprentice.birth_place or found.name
    if not apprentice.residence_insee and (found := guess(apprentice.city, apprentice.postcode)):
        apprentice.residence_insee = found.code


def _clean_siret(value: str) -> str:
    number = compact(value)
    if number and (problem := siret_problem(number)):
        raise DomainError(problem, field="siret")
    return number


def _check_company(company: Company) -> None:
    refuse(problems(COMPANY, vars(company)))
    if not company.insee and (place := guess(company.city, company.postcode)):
        company.insee = place.code
    same = Company.objects.filter(cfa=company.cfa, siret=company.siret).exclude(pk=company.pk)
    if company.siret and (found := same.first()):
        raise DomainError(
            f"L'entreprise « {found} » porte déjà ce SIRET : utilisez sa fiche.", field="siret"
        )


def _check_apprentice(apprentice: Apprentice) -> None:
    refuse(problems(PERSON, vars(apprentice)))
    if apprentice.born_on >= timezone.localdate():
        raise DomainError("La date de naissance doit être passée.", field="born_on")
    family = (apprentice.legal_representative_email, apprentice.second_representative_email)
    if apprentice.email and apprentice.email.casefold() in map(str.casefold, family):
        raise DomainError(
            "Cette adresse est aussi celle d'un représentant légal : l'apprenti signe avec la sienne. "
            "Demandez-lui son adresse personnelle, ou laissez la case vide.",
            field="email",
        )
    same = Q(
        first_name__iexact=apprentice.first_name,
        last_name__iexact=apprentice.last_name,
        born_on=apprentice.born_on,
    )
    if apprentice.email:  # it opens the account with which one signs: never for two persons
        same |= Q(email__iexact=apprentice.email)
    others = Apprentice.objects.filter(same, cfa=apprentice.cfa).exclude(pk=apprentice.pk)
    if other := others.first():
        if other.born_on == apprentice.born_on and other.first_name.casefold() == (
            apprentice.first_name.casefold()
        ):
            raise DomainError(
                "Cet apprenti existe déjà (mêmes nom, prénom et naissance) : utilisez sa fiche.",
                field="last_name",
            )
        raise DomainError(
            f"Cette adresse est déjà celle de {other} : chaque apprenti signe avec la sienne. "
            "Demandez-lui son adresse personnelle, ou laissez la case vide.",
            field="email",
        )
    _check_account(apprentice.cfa, apprentice.user, Role.APPRENTICE)


def _check_maitre(maitre: MaitreApprentissage) -> None:
    refuse(problems(MAITRE, vars(maitre)))
    if maitre.born_on and maitre.born_on >= timezone.localdate():
        raise DomainError("La date de naissance doit être passée.", field="born_on")
    _check_account(maitre.company.cfa, maitre.user, Role.MAITRE)


def _check_account(cfa: Cfa, user: User | None, role: Role) -> None:
    if user and not user.memberships.active().filter(cfa=cfa, role=role).exists():
        raise DomainError(
            f"Le compte {user.email} n'a pas le rôle « {role.label} » dans {cfa} : invitez d'abord "
            "cette personne.",
            field="user",
        )


def _account_of(cfa: Cfa, email: str, role: Role) -> User | None:
    if not email:
        return None
    members = User.objects.filter(
        memberships__cfa=cfa, memberships__role=role, memberships__is_active=True
    )
    return members.filter(email__iexact=email).first()


def _has_firm_contract(apprentice: Apprentice) -> bool:
    firm = Contract.objects.filter(enrolment__apprentice=apprentice)
    return firm.exclude(state=ContractState.COMPLETE).exists()
