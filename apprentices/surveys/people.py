"""Who is in the surveys, with all their contracts: fetched in a constant number of queries."""

from datetime import date

from django.db.models import Prefetch, Q

from accounts.models import Cfa
from programmes.calendar_rules import months_between

from ..enums import ContractKind, ContractState
from ..models import Contract, Enrolment, SifaSettings
from .sifa import SifaFacts, year_of_training


def observation_day(year: int) -> date:
    """SIFA observes the 31st of December."""
    return date(year, 12, 31)


def settings_of(cfa: Cfa) -> SifaSettings:
    return SifaSettings.objects.filter(cfa=cfa).first() or SifaSettings(cfa=cfa)


def enrolments_with_contracts(cfa: Cfa):
    """Every enrolment of the centre with its concluded contracts, oldest first."""
    contracts = Contract.objects.exclude(state=ContractState.COMPLETE).select_related("company")
    return (
        Enrolment.objects.filter(cohort__cfa=cfa)
        .select_related("apprentice", "cohort__programme__referentiel", "cohort__cfa")
        .prefetch_related(Prefetch("contracts", contracts.order_by("starts_on", "pk")))
        .order_by("apprentice__last_name", "apprentice__first_name", "pk")
    )


def sifa_facts(cfa: Cfa, observed_on: date) -> tuple[list[SifaFacts], list[Enrolment]]:
    """The apprentices under contract on that day, and the people enrolled who are not."""
    settings = settings_of(cfa)
    here = enrolments_with_contracts(cfa).filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=observed_on),
        starts_on__lte=observed_on,
        cohort__ends_on__gte=observed_on,
    )
    earlier = set(
        Enrolment.objects.filter(cohort__cfa=cfa, starts_on__lte=observed_on.replace(year=observed_on.year - 1))
        .values_list("apprentice", flat=True)
    )  # fmt: skip
    repeating = set(
        Enrolment.objects.filter(cohort__cfa=cfa, cohort__ends_on__lt=observed_on)
        .values_list("apprentice", flat=True)
    )  # fmt: skip
    facts, others = [], []
    for enrolment in here:
        contract = _contract_on(enrolment, observed_on)
        if contract is None:
            others.append(enrolment)
            continue
        facts.append(
            _facts(enrolment, contract, settings, observed_on, enrolment.apprentice_id in earlier,
                   enrolment.apprentice_id in repeating)
        )  # fmt: skip
    return facts, others


def _contract_on(enrolment: Enrolment, day: date) -> Contract | None:
    """The last apprenticeship contract begun by that day."""
    begun = [
        c
        for c in enrolment.contracts.all()
        if c.starts_on <= day and c.kind == ContractKind.APPRENTISSAGE
    ]
    return begun[-1] if begun else None


def _facts(
    enrolment: Enrolment,
    contract: Contract,
    settings: SifaSettings,
    observed_on: date,
    was_here: bool,
    repeats: bool,
) -> SifaFacts:
    person, cohort, company = enrolment.apprentice, enrolment.cohort, contract.company
    broken = contract.broken_on
    return SifaFacts(
        key=str(person.uuid),
        who=str(person),
        born_on=person.born_on,
        cfa_uai=cohort.cfa.uai,
        cfa_type=settings.cfa_type,
        site=settings.site or cohort.cfa.uai,
        eple_uai=settings.eple_uai,
        nature=settings.nature,
        diploma=cohort.programme.referentiel.code_diplome,
        theory_months=cohort.programme.referentiel.cycle_months,
        real_months=months_between(enrolment.starts_on, cohort.ends_on),
        year=year_of_training(cohort.ends_on, observed_on, repeats),
        last_name=person.last_name,
        usage_name=person.usage_name,
        first_names=(person.first_name,),
        address=person.address,
        postcode=person.postcode,
        residence=person.residence_insee,
        phone=person.phone,
        representative_phones=(
            person.legal_representative_phone,
            person.second_representative_phone,
        ),
        email=person.email,
        representative_emails=(
            person.legal_representative_email,
            person.second_representative_email,
        ),
        birth_insee=person.birth_insee,
        sex=person.sex,
        boarding=person.boarding,
        pcs=person.representative_pcs,
        rqth=person.rqth,
        nationality=person.nationality,
        situation_before=person.situation_before,
        highest_diploma=person.highest_diploma,
        situation_n1=person.situation_n1,
        school_n1=person.school_n1,
        employer_type=company.employer_type,
        enters_on=enrolment.starts_on,
        contract_starts_on=contract.starts_on,
        broken_on=broken if broken and broken <= observed_on else None,
        employer_insee=company.insee,
        naf=company.naf,
        headcount=company.headcount,
        siret=company.siret,
        ine=person.ine,
        was_here_last_year=was_here,
    )
