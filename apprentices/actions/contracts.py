"""Contracts: recorded with their pay, corrected until they are signed."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction

from accounts.errors import DomainError
from accounts.history import record
from accounts.models import User

from ..enums import ContractState
from ..models import Company, Contract, Enrolment, MaitreApprentissage, PayPeriod
from ..pay import PayLine, PayTermsError, minimum_lines, minimum_segments
from ..permissions import must_run_cfa
from ..rules import Finding, blocking, check_contract
from ..selectors import facts_of, pay_terms_of
from ..tables import NoValueError
from .saving import change, clean_and_save

REQUIRED_FIELDS = frozenset(
    ["company", "maitre", "concluded_on", "starts_on", "ends_on", "training_hours"]
)
OPTIONAL_FIELDS = frozenset(
    [
        "kind",
        "mode",
        "contract_type",
        "previous_number",
        "previous_ended_on",
        "practice_starts_on",
        "training_starts_on",
        "exams_end_on",
        "cerfa_version",
        "distance_hours",
        "training_place",
        "is_cfa_entreprise",
        "weekly_minutes",
        "dangerous_machines",
        "smc",
        "floor_rate",
        "plus_15",
        "bac_professionnel",
        "mayotte",
        "retirement_fund",
        "meal_benefit",
        "housing_benefit",
        "other_benefit",
        "derogation",
        "over_29_reason",
        "duration_reason",
        "tripartite_on",
        "tripartite_reason",
        "equivalence_jeunes",
        "extension_boe",
        "documents_held",
        "social_regime",
        "is_athlete",
        "is_founder",
        "signed_place",
        "maitre2",
        "maitre_competence",
        "maitre_attested",
        "deca_number",
        "opco_file",
    ]
)


class ContractRefused(DomainError):
    """The checks refuse the contract; `findings` are the blocking ones."""

    def __init__(self, findings: Sequence[Finding]):
        self.findings = tuple(findings)
        text = "\n".join(f"{f.id} : {f.message}" for f in self.findings)
        super().__init__(text, field=self.findings[0].field)

    @property
    def refusals(self) -> tuple[tuple[str, str], ...]:
        return tuple((f.field, f.message) for f in self.findings)


class ContractChanged(DomainError):
    """Somebody else has saved the same contract since it was read."""


@transaction.atomic
def create_contract(
    *,
    enrolment: Enrolment,
    company: Company,
    maitre: MaitreApprentissage,
    concluded_on: date,
    starts_on: date,
    ends_on: date,
    training_hours: Decimal,
    by: User,
    pay_lines: Sequence[PayLine] | None = None,
    **fields: Any,
) -> Contract:
    """Record a complete contract; without `pay_lines` each period gets the legal minimum."""
    enrolment = locked_enrolment(enrolment)
    cfa = enrolment.cohort.cfa
    must_run_cfa(by, cfa)
    contract = Contract(enrolment=enrolment)
    _set(
        contract,
        {
            "company": company,
            "maitre": maitre,
            "concluded_on": concluded_on,
            "starts_on": starts_on,
            "ends_on": ends_on,
            "training_hours": Decimal(training_hours),
            **fields,
        },
    )
    lines = _check(contract, pay_lines)
    clean_and_save(contract)
    write_pay(contract, lines)
    record("contract.entered", contract, cfa=cfa, actor=by, data=_summary(contract, lines))
    return contract


@transaction.atomic
def update_contract(
    *,
    contract: Contract,
    by: User,
    pay_lines: Sequence[PayLine] | None = None,
    expected_version: int | None = None,
    **fields: Any,
) -> Contract:
    """Correct a contract that nobody has signed; a signed one changes only by an amendment."""
    contract = locked_contract(contract)
    cfa = contract.enrolment.cohort.cfa
    must_run_cfa(by, cfa)
    if contract.state != ContractState.COMPLETE:
        raise DomainError("Ce contrat est signé : il ne se corrige plus ici, il faut un avenant.")
    if expected_version is not None and expected_version != contract.version:
        raise ContractChanged(
            "Une autre personne a corrigé ce contrat pendant votre saisie. Rien n'est perdu : votre "
            "brouillon est gardé ; comparez-le au contrat avant de recommencer."
        )
    changed = _set(contract, fields)
    lines = _check(contract, pay_lines)
    contract.version += 1
    clean_and_save(contract)
    contract.pay_periods.all().delete()
    write_pay(contract, lines)
    record(
        "contract.corrected",
        contract,
        cfa=cfa,
        actor=by,
        data={**_summary(contract, lines), "modifications": changed},
    )
    return contract


def _set(contract: Contract, fields: dict[str, Any]) -> dict[str, list[str]]:
    unknown = set(fields) - REQUIRED_FIELDS - OPTIONAL_FIELDS
    if unknown:
        raise TypeError(f"unexpected fields: {', '.join(sorted(unknown))}")
    if contract.pk is None:
        for name, value in fields.items():
            setattr(contract, name, value)
        return {}
    return change(contract, fields)


def _check(contract: Contract, pay_lines: Sequence[PayLine] | None) -> tuple[PayLine, ...]:
    """Who employs, then the checks; return the pay lines to write."""
    cfa_id = contract.enrolment.cohort.cfa_id
    if contract.company.cfa_id != cfa_id:
        raise DomainError("Cette entreprise est celle d'un autre CFA.", field="company")
    check_employer(contract)
    # Two contracts recorded at once must not both count as the maître's second (V12).
    ids = [pk for pk in (contract.maitre_id, contract.maitre2_id) if pk]
    list(MaitreApprentissage.objects.select_for_update(of=("self",)).filter(pk__in=ids))
    check_no_overlap(contract)
    try:
        lines = minimum_pay(contract) if pay_lines is None else tuple(pay_lines)
        refuse(check_contract(facts_of(contract, lines)))
    except (NoValueError, PayTermsError) as error:
        raise DomainError(str(error), field="starts_on") from error
    return lines


def check_employer(contract: Contract) -> None:
    """An employer with its SIRET, and maîtres of its company: by a contract or by its amendment."""
    if not contract.company.siret:
        raise DomainError(
            f"{contract.company} n'a pas encore de SIRET : complétez d'abord sa fiche (Entreprises).",
            field="company",
        )
    for name in ("maitre", "maitre2"):
        person = getattr(contract, name)
        if person and person.company_id != contract.company_id:
            raise DomainError(
                f"{person} n'est pas de l'entreprise {contract.company} : choisissez une "
                "personne de l'entreprise.",
                field=name,
            )


def minimum_pay(contract: Contract) -> tuple[PayLine, ...]:
    """The legal minimum of each period; nothing when the dates are not in order."""
    terms = pay_terms_of(contract)
    if terms.problem():
        return ()
    return minimum_lines(minimum_segments(terms))


def check_no_overlap(contract: Contract) -> None:
    """One employer at a time: another contract of the apprentice may not cover the same days."""
    same = Contract.objects.filter(
        enrolment__apprentice=contract.enrolment.apprentice_id,
        starts_on__lte=contract.ends_on,
        ends_on__gte=contract.starts_on,
    ).exclude(pk=contract.pk)
    other = (
        same.exclude(broken_on__lt=contract.starts_on)
        .values_list("company__name", "starts_on", "broken_on", "ends_on")
        .first()
    )
    if other:
        company, starts_on, broken_on, ends_on = other
        raise DomainError(
            f"{contract.enrolment.apprentice} a déjà un contrat chez {company} du "
            f"{starts_on:%d/%m/%Y} au {broken_on or ends_on:%d/%m/%Y}.",
            field="starts_on",
        )


def refuse(findings: Sequence[Finding]) -> None:
    """Raise ContractRefused when something blocks."""
    if found := blocking(findings):
        raise ContractRefused(found)


def write_pay(contract: Contract, lines: Sequence[PayLine]) -> None:
    """Write the lines of pay of a contract."""
    PayPeriod.objects.bulk_create(
        PayPeriod(
            contract=contract,
            starts_on=line.starts_on,
            ends_on=line.ends_on,
            year=line.year,
            rate=line.rate,
            base=line.base,
        )
        for line in lines
    )


def _summary(contract: Contract, lines: Sequence[PayLine]) -> dict[str, Any]:
    return {
        "entreprise": str(contract.company),
        "du": contract.starts_on.isoformat(),
        "au": contract.ends_on.isoformat(),
        "taux": [str(line.rate) for line in lines],
    }


def locked_enrolment(enrolment: Enrolment) -> Enrolment:
    """The enrolment, locked, with what a contract reads of it."""
    rows = Enrolment.objects.select_for_update(of=("self",)).select_related(
        "apprentice", "cohort__cfa", "cohort__programme__referentiel"
    )
    return rows.get(pk=enrolment.pk)


def locked_contract(contract: Contract) -> Contract:
    """The contract alone in the hands of this transaction, with what the checks read."""
    rows = Contract.objects.select_for_update(of=("self",)).select_related(
        "enrolment__apprentice",
        "enrolment__cohort__cfa",
        "enrolment__cohort__programme__referentiel",
        "company",
        "maitre",
        "maitre2",
    )
    return rows.get(pk=contract.pk)
