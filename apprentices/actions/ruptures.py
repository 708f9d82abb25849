"""A contract broken before its term, and the six months that follow."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.errors import DomainError
from accounts.history import record
from accounts.models import User

from ..course import rhythm_of
from ..deadlines import company_days
from ..enums import ContractAction, ContractState, RuptureMotive, RuptureOutcome
from ..models import Contract, Rupture
from ..permissions import must_run_cfa
from ..rupture import PRO_MOTIVES, RuptureFacts, check_rupture, follow_until, rule_of
from .contract_states import advance
from .contracts import check_no_overlap, locked_contract, refuse
from .saving import clean_and_save

# Deeds that follow a rupture: field, what it is, whether everybody owes it.
FOLLOW_UP = (
    "employer_notice_on",
    "opco_told_on",
    "card_returned_on",
    "interview_on",
)


def rupture_facts(
    contract: Contract,
    *,
    motive: RuptureMotive,
    written_on: date,
    effective_on: date,
    days: int | None = None,
    mediator_on: date | None = None,
    employer_informed_on: date | None = None,
) -> RuptureFacts:
    """The facts of a rupture; days in the company are counted on the calendar unless given."""
    if days is None:
        days = days_in_company(contract, effective_on)
    return RuptureFacts(
        starts_on=contract.starts_on,
        ends_on=contract.ends_on,
        motive=motive,
        written_on=written_on,
        effective_on=effective_on,
        company_days=days,
        is_minor=contract.enrolment.apprentice.is_minor_on(written_on),
        mediator_on=mediator_on,
        employer_informed_on=employer_informed_on,
        is_apprenticeship=contract.is_apprenticeship,
    )


def days_in_company(contract: Contract, until: date) -> int | None:
    """Days in the company up to `until`, on the cohort's calendar; absences are not known here."""
    first = contract.practice_starts_on or contract.starts_on
    rhythm = rhythm_of(contract.enrolment.cohort)
    if rhythm is None or not first <= until <= contract.ends_on:
        return None
    return company_days(first, until, rhythm)


@transaction.atomic
def break_contract(
    *,
    contract: Contract,
    motive: RuptureMotive,
    written_on: date,
    effective_on: date,
    by: User,
    company_days: int | None = None,
    mediator_on: date | None = None,
    employer_informed_on: date | None = None,
    details: str = "",
) -> Rupture:
    """Record the rupture: the contract ends that day, and the CFA's six months begin.

    For a day to come (a notice), the contract runs until then: the night of that day breaks it
    (`contract_states.follow_calendar`).
    """
    contract = locked_contract(contract)
    cfa = contract.enrolment.cohort.cfa
    must_run_cfa(by, cfa)
    state = advance(contract, ContractAction.BREAK)
    if contract.broken_on:
        raise DomainError(
            f"Une rupture est déjà enregistrée au {contract.broken_on:%d/%m/%Y} : annulez-la d'abord."
        )
    if written_on > timezone.localdate():
        raise DomainError(
            "L'écrit qui constate la rupture ne peut pas être à venir.", field="written_on"
        )
    motive = RuptureMotive(motive)
    if not contract.is_apprenticeship and motive not in PRO_MOTIVES:
        raise DomainError(
            "Ce motif n'existe qu'en apprentissage : choisissez celui du droit commun.",
            field="motive",
        )
    facts = rupture_facts(
        contract,
        motive=motive,
        written_on=written_on,
        effective_on=effective_on,
        days=company_days,
        mediator_on=mediator_on,
        employer_informed_on=employer_informed_on,
    )
    refuse(check_rupture(facts))
    rupture = Rupture(
        contract=contract,
        motive=motive,
        company_days=facts.company_days,
        written_on=written_on,
        mediator_on=mediator_on,
        employer_informed_on=employer_informed_on,
        effective_on=effective_on,
        details=details.strip(),
        follow_until=follow_until(
            motive, effective_on, is_apprenticeship=contract.is_apprenticeship
        ),
        recorded_by=by,
    )
    is_now = effective_on <= timezone.localdate()
    contract.broken_on = effective_on
    if is_now:
        contract.state = state
    contract.save(update_fields=["state", "broken_on"])
    clean_and_save(rupture)
    record(
        "contract.broken" if is_now else "rupture.planned",
        contract,
        cfa=cfa,
        actor=by,
        reason=rule_of(motive, is_apprenticeship=contract.is_apprenticeship).article,
        data={"motif": rupture.motive_words, "le": effective_on.isoformat()},
    )
    return rupture


@transaction.atomic
def follow_rupture(*, rupture: Rupture, by: User, **dates: date | None) -> Rupture:
    """Note what is done after the rupture: notice received, OPCO told, card given back, interview."""
    if unknown := set(dates) - set(FOLLOW_UP):
        raise TypeError(f"unexpected fields: {', '.join(sorted(unknown))}")
    rupture = _locked(rupture)
    cfa = rupture.contract.enrolment.cohort.cfa
    must_run_cfa(by, cfa)
    changed: dict[str, Any] = {}
    for name, day in dates.items():
        if day and day > timezone.localdate():
            raise DomainError("Une date à venir ne peut pas être déjà faite.", field=name)
        if day and day < rupture.written_on:
            raise DomainError(
                f"Cela suit l'écrit du {rupture.written_on:%d/%m/%Y} : vérifiez la date.",
                field=name,
            )
        if getattr(rupture, name) != day:
            changed[name] = day.isoformat() if day else ""
            setattr(rupture, name, day)
    clean_and_save(rupture)
    if changed:
        record("rupture.followed", rupture.contract, cfa=cfa, actor=by, data=changed)
    return rupture


@transaction.atomic
def cancel_rupture(*, rupture: Rupture, reason: str, by: User) -> Contract:
    """Take back a rupture recorded by mistake: the contract is again what it was."""
    rupture = _locked(rupture)
    contract = locked_contract(rupture.contract)
    cfa = contract.enrolment.cohort.cfa
    must_run_cfa(by, cfa)
    if rupture.outcome:
        raise DomainError("L'issue de cette rupture est notée : elle ne s'annule plus.")
    if not reason.strip():
        raise DomainError("Dites pourquoi la rupture est annulée.", field="reason")
    told = {"motif": rupture.motive_words, "le": rupture.effective_on.isoformat()}
    rupture.delete()
    if contract.state == ContractState.BROKEN:
        contract.state = _state_before(contract)
    contract.broken_on = None
    check_no_overlap(contract)
    contract.save(update_fields=["state", "broken_on"])
    record("rupture.cancelled", contract, cfa=cfa, actor=by, reason=reason.strip(), data=told)
    return contract


def _state_before(contract: Contract) -> ContractState:
    if contract.transmitted_on is None:
        return ContractState.SIGNED
    if contract.refusal_reason:
        return ContractState.REFUSED
    if contract.decided_on is None:
        return ContractState.TRANSMITTED
    is_begun = contract.starts_on <= timezone.localdate()
    return ContractState.RUNNING if is_begun else ContractState.ACCEPTED


@transaction.atomic
def close_rupture(*, rupture: Rupture, outcome: RuptureOutcome, on: date, by: User) -> Rupture:
    """Note how it ended; an apprentice who leaves also leaves the cohort."""
    outcome = RuptureOutcome(outcome)
    rupture = _locked(rupture)
    contract = rupture.contract
    cfa = contract.enrolment.cohort.cfa
    must_run_cfa(by, cfa)
    if rupture.outcome:
        raise DomainError("L'issue de cette rupture est déjà notée.")
    if not rupture.opco_told_on:
        raise DomainError(
            "Prévenez d'abord l'OPCO de l'interruption (L6353-10) et notez la date.",
            field="outcome",
        )
    if on < rupture.effective_on or on > timezone.localdate():
        raise DomainError(
            f"L'issue se constate entre le {rupture.effective_on:%d/%m/%Y} et aujourd'hui.",
            field="on",
        )
    if outcome == RuptureOutcome.NEW_CONTRACT and not _has_new_contract(contract):
        raise DomainError(
            "Aucun contrat signé ne suit cette rupture : saisissez d'abord le nouveau contrat.",
            field="outcome",
        )
    if outcome == RuptureOutcome.SIX_MONTHS and rupture.follow_until and on < rupture.follow_until:
        raise DomainError(
            f"Les six mois courent jusqu'au {rupture.follow_until:%d/%m/%Y}.", field="on"
        )
    rupture.outcome = outcome
    rupture.outcome_on = on
    clean_and_save(rupture)
    if outcome in (RuptureOutcome.LEFT, RuptureOutcome.OTHER_ROUTE, RuptureOutcome.SIX_MONTHS):
        enrolment = contract.enrolment
        if enrolment.ends_on is None or enrolment.ends_on > on:
            enrolment.ends_on = max(on, enrolment.starts_on)
            enrolment.save(update_fields=["ends_on"])
    record(
        "rupture.closed",
        contract,
        cfa=cfa,
        actor=by,
        data={"issue": rupture.get_outcome_display(), "le": on.isoformat()},
    )
    return rupture


def _has_new_contract(contract: Contract) -> bool:
    later = Contract.objects.filter(
        enrolment__apprentice=contract.enrolment.apprentice, signed_at__isnull=False
    ).exclude(pk=contract.pk)
    return later.filter(starts_on__gt=contract.broken_on).exists()


def _locked(rupture: Rupture) -> Rupture:
    rows = Rupture.objects.select_for_update(of=("self",)).select_related(
        "contract__enrolment__cohort__cfa", "contract__enrolment__apprentice", "contract__company"
    )
    return rows.get(pk=rupture.pk)
