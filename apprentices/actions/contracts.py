"""Contracts: recorded with their pay, signed, transmitted to the OPCO."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.errors import DomainError
from accounts.history import record
from accounts.models import User

from ..enums import ContractAction, ContractKind, ContractState
from ..models import Company, Contract, Enrolment, MaitreApprentissage, PayPeriod
from ..pay import PayLine, PayTerms, PayTermsError, minimum_lines, minimum_segments
from ..permissions import must_run_cfa
from ..rules import TRANSITIONS, Finding, blocking, check_contract
from ..selectors import contract_facts, facts_of
from ..tables import NoValueError
from .saving import change, clean_and_save

OPTIONAL_FIELDS = frozenset(
    ["kind", "practice_starts_on", "cerfa_version", "weekly_minutes", "smc", "derogation"]
)


class ContractRefused(DomainError):
    """The checks refuse the contract; `findings` are the blocking ones."""

    def __init__(self, findings: Sequence[Finding]):
        self.findings = tuple(findings)
        text = "\n".join(f"{f.id} : {f.message}" for f in self.findings)
        super().__init__(text, field=self.findings[0].field)


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
    """Record a draft contract; without `pay_lines` each period gets the legal minimum."""
    enrolment = _locked_enrolment(enrolment)
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
    _write_pay(contract, lines)
    record("contrat saisi", contract, cfa=cfa, actor=by, data=_summary(contract, lines))
    return contract


@transaction.atomic
def update_contract(
    *,
    contract: Contract,
    by: User,
    pay_lines: Sequence[PayLine] | None = None,
    **fields: Any,
) -> Contract:
    """Correct a draft; a signed contract changes only by an avenant."""
    contract = _locked_contract(contract)
    cfa = contract.enrolment.cohort.cfa
    must_run_cfa(by, cfa)
    if contract.state != ContractState.DRAFT:
        raise DomainError("Ce contrat est signé : il ne se corrige plus ici, il faut un avenant.")
    changed = _set(contract, fields)
    lines = _check(contract, pay_lines)
    clean_and_save(contract)
    contract.pay_periods.all().delete()
    _write_pay(contract, lines)
    record(
        "contrat corrigé",
        contract,
        cfa=cfa,
        actor=by,
        data={**_summary(contract, lines), "modifications": changed},
    )
    return contract


@transaction.atomic
def sign_contract(*, contract: Contract, by: User) -> Contract:
    """Record that everyone has signed; the checks are made again on what is signed."""
    contract = _locked_contract(contract)
    cfa = contract.enrolment.cohort.cfa
    must_run_cfa(by, cfa)
    state = _next_state(contract, ContractAction.SIGN)
    _refuse(check_contract(facts_of(contract)))
    contract.state = state
    contract.signed_at = timezone.now()
    contract.save(update_fields=["state", "signed_at"])
    record("contrat signé", contract, cfa=cfa, actor=by)
    return contract


@transaction.atomic
def transmit_contract(*, contract: Contract, by: User, on: date) -> Contract:
    """Record the day on which the contract was sent to the OPCO (V20)."""
    contract = _locked_contract(contract)
    cfa = contract.enrolment.cohort.cfa
    must_run_cfa(by, cfa)
    state = _next_state(contract, ContractAction.TRANSMIT)
    if on < contract.concluded_on:
        raise DomainError(
            f"La transmission suit la conclusion, le {contract.concluded_on:%d/%m/%Y}.", field="on"
        )
    if on > timezone.localdate():
        raise DomainError("La date de transmission ne peut pas être à venir.", field="on")
    contract.state = state
    contract.transmitted_on = on
    contract.save(update_fields=["state", "transmitted_on"])
    record("contrat transmis à l'OPCO", contract, cfa=cfa, actor=by, data={"le": on.isoformat()})
    return contract


def _next_state(contract: Contract, action: ContractAction) -> ContractState:
    state = TRANSITIONS.get((ContractState(contract.state), action))
    if state is None:
        advice = {
            ContractAction.SIGN: "il est déjà signé",
            ContractAction.TRANSMIT: "enregistrez d'abord sa signature",
        }[action]
        if action == ContractAction.TRANSMIT and contract.state != ContractState.DRAFT:
            advice = "il a déjà été transmis"
        raise DomainError(
            f"Le contrat de {contract.enrolment.apprentice} est « "
            f"{contract.get_state_display()} » : {advice}."
        )
    return state


def _set(contract: Contract, fields: dict[str, Any]) -> dict[str, list[str]]:
    required = {"company", "maitre", "concluded_on", "starts_on", "ends_on", "training_hours"}
    unknown = set(fields) - required - OPTIONAL_FIELDS
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
    if contract.kind != ContractKind.APPRENTISSAGE:
        raise DomainError(
            "Seul le contrat d'apprentissage (CERFA 10103) se saisit ici.", field="kind"
        )
    if contract.company.cfa_id != cfa_id:
        raise DomainError("Cette entreprise est celle d'un autre CFA.", field="company")
    if contract.maitre.company_id != contract.company_id:
        raise DomainError(
            f"{contract.maitre} n'est pas de l'entreprise {contract.company} : choisissez une "
            "personne de l'entreprise.",
            field="maitre",
        )
    # Two contracts recorded at once must not both count as the maître's second (V12).
    MaitreApprentissage.objects.select_for_update(of=("self",)).get(pk=contract.maitre_id)
    _check_no_overlap(contract)
    try:
        lines = minimum_pay(contract) if pay_lines is None else tuple(pay_lines)
        facts = contract_facts(
            enrolment=contract.enrolment,
            maitre=contract.maitre,
            concluded_on=contract.concluded_on,
            starts_on=contract.starts_on,
            ends_on=contract.ends_on,
            training_hours=contract.training_hours,
            practice_starts_on=contract.practice_starts_on,
            derogation=contract.derogation,
            smc=contract.smc,
            pay_lines=lines,
        )
        _refuse(check_contract(facts))
    except (NoValueError, PayTermsError) as error:
        raise DomainError(str(error), field="starts_on") from error
    return lines


def minimum_pay(contract: Contract) -> tuple[PayLine, ...]:
    """The legal minimum of each period; nothing when the dates are not in order."""
    if contract.ends_on <= contract.starts_on:
        return ()
    terms = PayTerms(
        born_on=contract.enrolment.apprentice.born_on,
        starts_on=contract.starts_on,
        ends_on=contract.ends_on,
        cycle_months=contract.enrolment.cohort.programme.referentiel.cycle_months,
        smc=contract.smc,
    )
    return minimum_lines(minimum_segments(terms))


def _check_no_overlap(contract: Contract) -> None:
    """One employer at a time: another contract of the apprentice may not cover the same days."""
    same = Contract.objects.filter(
        enrolment__apprentice=contract.enrolment.apprentice,
        starts_on__lte=contract.ends_on,
        ends_on__gte=contract.starts_on,
    )
    other = same.exclude(pk=contract.pk).exclude(state=ContractState.BROKEN).first()
    if other:
        raise DomainError(
            f"{contract.enrolment.apprentice} a déjà un contrat chez {other.company} du "
            f"{other.starts_on:%d/%m/%Y} au {other.ends_on:%d/%m/%Y}.",
            field="starts_on",
        )


def _refuse(findings: Sequence[Finding]) -> None:
    if found := blocking(findings):
        raise ContractRefused(found)


def _write_pay(contract: Contract, lines: Sequence[PayLine]) -> None:
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


def _locked_enrolment(enrolment: Enrolment) -> Enrolment:
    rows = Enrolment.objects.select_for_update(of=("self",)).select_related(
        "apprentice", "cohort__cfa", "cohort__programme__referentiel"
    )
    return rows.get(pk=enrolment.pk)


def _locked_contract(contract: Contract) -> Contract:
    rows = Contract.objects.select_for_update(of=("self",)).select_related(
        "enrolment__apprentice",
        "enrolment__cohort__cfa",
        "enrolment__cohort__programme__referentiel",
        "company",
        "maitre",
    )
    return rows.get(pk=contract.pk)
