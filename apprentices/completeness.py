"""What a person's file still lacks for the contract (CERFA) and for SIFA, in words."""

from collections.abc import Sequence

from .models import Apprentice

ASKED: tuple[tuple[str, str], ...] = (
    ("sex", "le sexe"),
    ("birth_insee", "la commune de naissance"),
    ("nationality", "la nationalité"),
    ("ine", "l'INE"),
    ("address", "l'adresse"),
    ("postcode", "le code postal"),
    ("city", "la commune"),
    ("email", "l'adresse e-mail"),
    ("situation_before", "la situation avant le contrat"),
    ("last_class", "la dernière classe"),
    ("last_diploma", "le dernier diplôme préparé"),
    ("highest_diploma", "le plus haut diplôme"),
    ("situation_n1", "la situation de l'an passé"),
    ("school_n1", "l'établissement de l'an passé"),
)
# Who signs with a minor, and is told of an absence.
OF_A_MINOR: tuple[tuple[str, str], ...] = (
    ("legal_representative", "le représentant légal"),
    ("legal_representative_email", "l'e-mail du représentant légal"),
    ("legal_representative_address", "l'adresse du représentant légal"),
)


def missing_fields(apprentice: Apprentice) -> Sequence[str]:
    """In the order of the form; the NIR counts, without being read."""
    found = [words for name, words in ASKED if not getattr(apprentice, name)]
    if apprentice.is_minor:
        found += [words for name, words in OF_A_MINOR if not getattr(apprentice, name)]
    return found if apprentice.has_nir else [*found, "le NIR"]
