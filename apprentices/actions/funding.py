"""What the OPCO pays for a contract: the amount of its agreement, then each instalment invoiced."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from accounts.errors import DomainError
from accounts.history import record
from accounts.models import User

from ..billing import YearAccount, accounts_of, lines_of
from ..enums import ContractState, Derogation, InstalmentState
from ..funding import FundingError, FundingSchedule, InvoiceLine, annex_fees, funding_schedule
from ..models import Contract, CreditNote, Funding, Instalment
from ..permissions import must_run_cfa
from .contracts import locked_contract
from .saving import change, clean_and_save

PAID_BY_THE_HOUR = (
    "Un contrat de professionnalisation n'a pas de niveau de prise en charge : l'OPCO paie des heures "
    "de formation (art. L6332-14)."
)
# No agreement, no invoice.
AGREED = (
    ContractState.ACCEPTED,
    ContractState.RUNNING,
    ContractState.ENDED,
    ContractState.BROKEN,
)


@dataclass(frozen=True)
class Billing:
    """The schedule of a contract as it stands, with what was invoiced and credited."""

    schedule: FundingSchedule
    lines: tuple[InvoiceLine, ...]
    accounts: tuple[YearAccount, ...]


def billing_of(funding: Funding) -> Billing:
    """The instalments of a contract, stopped at its rupture; open ones for what is left to invoice."""
    contract = funding.contract
    try:
        schedule = funding_schedule(
            funding.npec_annual,
            concluded_on=contract.concluded_on,
            starts_on=contract.starts_on,
            ends_on=contract.ends_on,
            broken_on=contract.broken_on,
            is_reduced=contract.derogation in (Derogation.SHORTER, Derogation.SEVERAL),
        )
    except FundingError as error:
        raise DomainError(str(error)) from error
    billed = {line.code: line.amount for line in funding.instalments.all()}
    credited = credited_of(funding)
    return Billing(
        schedule, lines_of(schedule, billed, credited), accounts_of(schedule, billed, credited)
    )


def credited_of(funding: Funding) -> dict[int, Decimal]:
    """What the avoirs of a contract take back, by year of execution."""
    credited: dict[int, Decimal] = {}
    for note in funding.credit_notes.all():
        credited[note.year] = credited.get(note.year, Decimal(0)) + note.amount
    return credited


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
    """Record the annual amount that the OPCO agreed, and where it is written.

    Corrected after an invoice, the difference goes to the open instalments, to a complement or to an
    avoir (apprentices/billing.py).
    """
    contract = locked_contract(contract)
    cfa = contract.enrolment.cohort.cfa
    must_run_cfa(by, cfa)
    if not contract.is_apprenticeship:
        raise DomainError(PAID_BY_THE_HOUR)
    if not source.strip():
        raise DomainError("Dites où ce montant est écrit : accord de l'OPCO, date…", field="source")
    try:
        annex_fees(night_count, meal_count, first_equipment, contract.concluded_on)
    except FundingError as error:
        raise DomainError(str(error), field="first_equipment") from error
    funding = Funding.objects.filter(contract=contract).first() or Funding(contract=contract)
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
        record("funding.saved", contract, cfa=cfa, actor=by, data=changed)
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
    if funding.instalments.filter(code=code).exists():
        raise DomainError("Cette échéance est déjà facturée.", field="code")
    line = next((line for line in billing_of(funding).lines if line.code == code), None)
    if line is None:
        raise DomainError("Cette échéance n'existe plus : le contrat a changé.", field="code")
    if not line.amount:
        raise DomainError(
            "Il ne reste rien à facturer sur cette année : elle l'est déjà en entier.", field="code"
        )
    if on < line.due_on:
        raise DomainError(
            f"Cette échéance se facture à partir du {line.due_on:%d/%m/%Y}.", field="on"
        )
    if on > timezone.localdate():
        raise DomainError("La date de la facture ne peut pas être à venir.", field="on")
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
        "instalment.invoiced",
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
        "instalment.paid",
        contract,
        cfa=cfa,
        actor=by,
        data={"facture": instalment.invoice_number, "le": on.isoformat()},
    )
    return instalment


@transaction.atomic
def credit_year(*, funding: Funding, year: int, number: str, on: date, by: User) -> CreditNote:
    """Note the avoir of what was invoiced beyond what is due of a year, for the amount computed today."""
    funding = _locked(funding)
    contract = funding.contract
    cfa = contract.enrolment.cohort.cfa
    must_run_cfa(by, cfa)
    account = next((a for a in billing_of(funding).accounts if a.year == year), None)
    if account is None or not account.to_credit:
        raise DomainError("Rien n'est facturé de trop sur cette année : aucun avoir à établir.")
    if not number.strip():
        raise DomainError("Indiquez le numéro de l'avoir.", field="number")
    if on > timezone.localdate():
        raise DomainError("La date de l'avoir ne peut pas être à venir.", field="on")
    note = CreditNote(
        funding=funding,
        year=year,
        number=number.strip(),
        issued_on=on,
        amount=account.to_credit,
        recorded_by=by,
    )
    clean_and_save(note)
    record(
        "credit_note.issued",
        contract,
        cfa=cfa,
        actor=by,
        data={"avoir": note.number, "montant": str(note.amount), "année": str(year)},
    )
    return note


def _locked(funding: Funding) -> Funding:
    rows = Funding.objects.select_for_update(of=("self",)).select_related(
        "contract__enrolment__cohort__cfa", "contract__enrolment__apprentice", "contract__company"
    )
    return rows.get(pk=funding.pk)
