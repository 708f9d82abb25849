"""The file and the JSON of the Tableau de bord de l'apprentissage, and the status it would show.

Column names and status rule: those of its import sheet and of its public code (reference, 6.4). The
status is not sent: it is computed from dates, here as there, so that the CFA sees the same word.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

WITHOUT_CONTRACT_DAYS, AFTER_RUPTURE_DAYS = 90, 180
CONTRACT_COLUMNS = (
    "contrat_date_debut", "contrat_date_fin", "siret_employeur", "contrat_date_rupture",
    "cause_rupture_contrat",
)  # fmt: skip
COLUMNS = (
    "nom_apprenant", "prenom_apprenant", "date_de_naissance_apprenant", "sexe_apprenant",
    "code_postal_de_naissance_apprenant", "email_contact", "adresse_apprenant",
    "code_postal_apprenant", "ine_apprenant", "tel_apprenant", "rqth_apprenant",
    "date_rqth_apprenant", "responsable_apprenant_mail1", "responsable_apprenant_mail2",
    "dernier_organisme_uai", "derniere_situation", "type_cfa", "etablissement_responsable_uai",
    "etablissement_responsable_siret", "etablissement_formateur_uai",
    "etablissement_formateur_siret", "etablissement_lieu_de_formation_uai",
    "etablissement_lieu_de_formation_siret", "etablissement_lieu_de_formation_adresse",
    "etablissement_lieu_de_formation_code_postal", "annee_scolaire", "annee_formation",
    "formation_rncp", "formation_cfd", "date_inscription_formation", "date_entree_formation",
    "date_fin_formation", "duree_theorique_formation_mois", "libelle_court_formation",
    "obtention_diplome_formation", "date_obtention_diplome_formation",
    "date_exclusion_formation", "cause_exclusion_formation", "formation_presentielle",
    "nom_referent_handicap_formation", "prenom_referent_handicap_formation",
    "email_referent_handicap_formation", *CONTRACT_COLUMNS,
    *(f"{name}_{n}" for n in (2, 3, 4) for name in CONTRACT_COLUMNS),
)  # fmt: skip


@dataclass(frozen=True)
class ContractDates:
    starts_on: date
    ends_on: date
    siret: str
    broken_on: date | None = None
    cause: str = ""

    @property
    def last_day(self) -> date:
        return min(self.ends_on, self.broken_on) if self.broken_on else self.ends_on


def status_on(day: date, enters_on: date, ends_on: date, contracts: Sequence[ContractDates]) -> str:
    """APPRENTI, INSCRIT, RUPTURANT, ABANDON, FIN_DE_FORMATION or PRE_INSCRIT on that day."""
    if day > ends_on:
        return "FIN_DE_FORMATION"
    if day < enters_on:
        return "PRE_INSCRIT"
    begun = [c for c in contracts if c.starts_on <= day]
    if any(c.last_day >= day for c in begun):
        return "APPRENTI"
    if not begun:
        limit, word, since = WITHOUT_CONTRACT_DAYS, "INSCRIT", enters_on
    else:
        limit, word, since = AFTER_RUPTURE_DAYS, "RUPTURANT", max(c.last_day for c in begun)
    return word if day - since <= timedelta(days=limit) else "ABANDON"


def school_year(day: date) -> str:
    """ "2026-2027" : the school year begins on the first of August for this file."""
    first = day.year if day.month >= 8 else day.year - 1
    return f"{first}-{first + 1}"


def contract_columns(contracts: Sequence[ContractDates]) -> dict[str, Any]:
    """Up to four contracts, the most recent ones."""
    found: dict[str, Any] = {}
    for place, contract in enumerate(contracts[-4:], start=1):
        suffix = "" if place == 1 else f"_{place}"
        values = (
            contract.starts_on, contract.ends_on, contract.siret, contract.broken_on, contract.cause,
        )  # fmt: skip
        found |= {f"{n}{suffix}": v for n, v in zip(CONTRACT_COLUMNS, values, strict=True)}
    return found


def as_cell(value: Any) -> str:
    """AAAA-MM-JJ for a day, oui or non, text otherwise."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "oui" if value else "non"
    return value.isoformat() if isinstance(value, date) else str(value)
