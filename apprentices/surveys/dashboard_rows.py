"""The lines of the Tableau de bord, from the database."""

from datetime import date
from typing import Any

from accounts.models import Cfa

from ..communes import commune
from ..models import Enrolment
from .dashboard import COLUMNS, ContractDates, contract_columns, school_year, status_on
from .people import enrolments_with_contracts, settings_of
from .sifa import year_of_training


def dashboard_rows(cfa: Cfa, today: date) -> list[tuple[Enrolment, str, dict[str, Any]]]:
    """(enrolment, status today, the 62 columns) of everybody trained in this school year."""
    first = date(int(school_year(today)[:4]), 8, 1)
    here = enrolments_with_contracts(cfa).filter(cohort__ends_on__gte=first)
    settings = settings_of(cfa)
    return [(e, _status(e, today), _columns(e, settings, today)) for e in here]


def _contracts(enrolment: Enrolment) -> list[ContractDates]:
    return [
        ContractDates(c.starts_on, c.ends_on, c.company.siret, c.broken_on)
        for c in enrolment.contracts.all()
    ]


def _status(enrolment: Enrolment, today: date) -> str:
    ends_on = enrolment.ends_on or enrolment.cohort.ends_on
    return status_on(today, enrolment.starts_on, ends_on, _contracts(enrolment))


def _columns(enrolment: Enrolment, settings, today: date) -> dict[str, Any]:
    person, cohort = enrolment.apprentice, enrolment.cohort
    cfa, referentiel = cohort.cfa, cohort.programme.referentiel
    birth = commune(person.birth_insee)
    values: dict[str, Any] = dict.fromkeys(COLUMNS)
    values |= {
        "nom_apprenant": person.last_name,
        "prenom_apprenant": person.first_name,
        "date_de_naissance_apprenant": person.born_on,
        "sexe_apprenant": person.sex,
        "code_postal_de_naissance_apprenant": birth.postcodes[0]
        if birth and birth.postcodes
        else None,
        "email_contact": person.email,
        "adresse_apprenant": person.address,
        "code_postal_apprenant": person.postcode,
        "ine_apprenant": person.ine,
        "tel_apprenant": person.phone,
        "rqth_apprenant": person.rqth,
        "responsable_apprenant_mail1": person.legal_representative_email,
        "responsable_apprenant_mail2": person.second_representative_email,
        "dernier_organisme_uai": person.school_n1,
        "derniere_situation": person.situation_n1,
        "type_cfa": settings.cfa_type,
        "etablissement_responsable_uai": cfa.uai,
        "etablissement_responsable_siret": cfa.siret,
        "etablissement_formateur_uai": cfa.uai,
        "etablissement_formateur_siret": cfa.siret,
        "etablissement_lieu_de_formation_uai": settings.site
        if len(settings.site) == 8
        else cfa.uai,
        "etablissement_lieu_de_formation_siret": cfa.siret,
        "etablissement_lieu_de_formation_adresse": cfa.address,
        "etablissement_lieu_de_formation_code_postal": cfa.postcode,
        "annee_scolaire": school_year(today),
        "annee_formation": year_of_training(
            cohort.ends_on, date(int(school_year(today)[:4]), 12, 31), False
        )[0],
        "formation_rncp": referentiel.rncp,
        "formation_cfd": referentiel.code_diplome,
        "date_inscription_formation": enrolment.starts_on,
        "date_entree_formation": enrolment.starts_on,
        "date_fin_formation": enrolment.ends_on or cohort.ends_on,
        "duree_theorique_formation_mois": referentiel.cycle_months,
        "libelle_court_formation": f"{referentiel.diploma} {referentiel.acronym}",
        "formation_presentielle": True,
        **contract_columns(_contracts(enrolment)),
    }
    return values
