"""What the OPCO pays for a contract: the amount of its agreement, then each instalment invoiced."""

from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from accounts.errors import DomainError
from accounts.history import record
from accounts.models import User

from ..enums import ContractState, InstalmentState
from ..funding import FundingError, FundingSchedule, annex_fees, funding_schedule
from ..models import Contract, Funding, Instalment
from ..permissions import must_run_cfa
from .contracts import locked_contract
from .saving import change, clean_and_save

# No agreement, no invoice.
AGREED = (
    ContractState.ACCEPTED,
    ContractState.RUNNING,
    ContractState.ENDED,
    ContractState.BROKEN,
)


def schedule_of(funding: Funding) -> FundingSchedule:
    """The instalments of a contract as it stands: stopped at its rupture."""
    contract = funding.contract
    try:
        return funding_schedule(
            funding.npec_annual,
            concluded_on=contract.concluded_on,
            starts_on=contract.starts_on,
            ends_on=contract.ends_on,
            broken_on=contract.broken_on,
        )
    except FundingError as error:
        raise DomainError(str(error)) from error


@transaction.atomic
def set_funding(
    *,
    contract: Contract,
    npec_annual: Decimal,
    source: str,
    by: User,
    night_count: int = 0,
    meal_count: int = 0,
    first_equipment: Decimal = Decimal(0),
) -> Funding:
    """Record the annual amount that the OPCO agreed, and where it is written."""
    contract = locked_contract(contract)
    cfa = contract.enrolment.cohort.cfa
    must_run_cfa(by, cfa)
    if not source.strip():
        raise DomainError("Dites où ce montant est écrit : accord de l'OPCO, date…", field="source")
    try:
        annex_fees(night_count, meal_count, first_equipment, contract.concluded_on)
    except FundingError as error:
        raise DomainError(str(error), field="first_equipment") from error
    funding = Funding.objects.filter(contract=contract).first() or Funding(contract=contract)
    if funding.pk and funding.npec_annual != npec_annual and funding.instalments.exists():
        raise DomainError(
            "Une échéance est déjà facturée sur ce montant : faites un avoir avant de le changer.",
            field="npec_annual",
        )
    values = {
        "npec_annual": npec_annual,
        "source": source.strip(),
        "night_count": night_count,
        "meal_count": meal_count,
        "first_equipment": first_equipment,
    }
    changed = change(funding, values)
    clean_and_save(funding)
    if changed:
        record("prise en charge notée", contract, cfa=cfa, actor=by, data=changed)
    return funding


@transaction.atomic
def invoice_instalment(
    *, funding: Funding, code: str, number: str, on: date, by: User
) -> Instalment:
    """Note that an instalment is invoiced, for the amount computed today."""
    funding = _locked(funding)
    contract = funding.contract
    cfa = contract.enrolment.cohort.cfa
    must_run_cfa(by, cfa)
    if contract.state not in AGREED:
        raise DomainError(
            "Sans accord de l'OPCO, rien ne se facture : enregistrez d'abord l'accord."
        )
    line = next((line for line in schedule_of(funding).lines if line.code == code), None)
    if line is None:
        raise DomainError("Cette échéance n'existe plus : le contrat a changé.", field="code")
    if on < line.due_on:
        raise DomainError(
            f"Cette échéance se facture à partir du {line.due_on:%d/%m/%Y}.", field="on"
        )
    if on > timezone.localdate():
        raise DomainError("La date de la facture ne peut pas être à venir.", field="on")
    if funding.instalments.filter(code=code).exists():
        raise DomainError("Cette échéance est déjà facturée.", field="code")
    if not number.strip():
        raise DomainError("Indiquez le numéro de la facture.", field="number")
    instalment = Instalment(
        funding=funding,
        code=code,
        invoice_number=number.strip(),
        invoiced_on=on,
        amount=line.amount,
    )
    clean_and_save(instalment)
    record(
        "échéance facturée",
        contract,
        cfa=cfa,
        actor=by,
        data={"facture": instalment.invoice_number, "montant": str(line.amount), "échéance": code},
    )
    return instalment


@transaction.atomic
def pay_instalment(*, instalment: Instalment, on: date, by: User) -> Instalment:
    """Note that the OPCO has paid."""
    instalment = (
        Instalment.objects.select_for_update(of=("self",))
        .select_related("funding__contract__enrolment__cohort__cfa")
        .get(pk=instalment.pk)
    )
    contract = instalment.funding.contract
    cfa = contract.enrolment.cohort.cfa
    must_run_cfa(by, cfa)
    if instalment.state == InstalmentState.PAID:
        raise DomainError("Cette facture est déjà payée.")
    if on < instalment.invoiced_on or on > timezone.localdate():
        raise DomainError("Le paiement suit la facture et n'est pas à venir.", field="on")
    instalment.state = InstalmentState.PAID
    instalment.paid_on = on
    clean_and_save(instalment)
    record(
        "échéance payée",
        contract,
        cfa=cfa,
        actor=by,
        data={"facture": instalment.invoice_number, "le": on.isoformat()},
    )
    return instalment


def _locked(funding: Funding) -> Funding:
    rows = Funding.objects.select_for_update(of=("self",)).select_related(
        "contract__enrolment__cohort__cfa", "contract__enrolment__apprentice", "contract__company"
    )
    return rows.get(pk=funding.pk)
