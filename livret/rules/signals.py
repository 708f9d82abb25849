"""Signs that a contract may break, each with its reason and what to do; never a score.

The thresholds are the CFA's own habits, data to be discussed: no text fixes them (not verified).
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

ABSENCE_DAYS = 30
ABSENT_HALF_DAYS = 3
SILENCE_DAYS = 45
LINK_DAYS = 14
LOW_MARK = Decimal("8")


@dataclass(frozen=True)
class Facts:
    """What is known of one apprentice on one day."""

    starts_on: date
    today: date
    absent_recently: int = 0  # half-days without justification in the last 30 days
    last_written_on: date | None = None  # in the livret, by the apprentice
    link_unanswered_since: date | None = None
    opinion_is_difficult: bool = False
    average: Decimal | None = None  # of the marks that the apprentice may see
    late_commitments: int = 0
    has_contract: bool = True
    has_maitre: bool = True


@dataclass(frozen=True)
class Signal:
    """A sign: its code, the sentence that says why, and what to do."""

    code: str
    sentence: str
    deed: str


def _late(count: int) -> str:
    plural = "s" if count > 1 else ""
    return f"{count} engagement{plural} dont la date est passée."


def signals(facts: Facts) -> list[Signal]:
    """The signs found, most pressing first, each saying why and what one can do."""
    found = []
    if not facts.has_contract:
        found.append(
            Signal(
                "contrat",
                "Aucun contrat en cours.",
                "Chercher avec l'apprenti une entreprise : six mois au plus après une rupture.",
            )
        )
    elif not facts.has_maitre:
        found.append(
            Signal(
                "maitre",
                "Le maître d'apprentissage n'a pas d'adresse e-mail.",
                "Compléter la page de l'entreprise.",
            )
        )
    if facts.absent_recently >= ABSENT_HALF_DAYS:
        found.append(
            Signal(
                "absences",
                f"{facts.absent_recently} demi-journées d'absence non justifiées en {ABSENCE_DAYS} jours.",
                "Appeler l'apprenti, prévenir l'entreprise.",
            )
        )
    if facts.opinion_is_difficult:
        found.append(
            Signal(
                "avis",
                "Le maître d'apprentissage le situe « en difficulté ».",
                "Proposer une visite.",
            )
        )
    since = facts.last_written_on or facts.starts_on
    silence = (facts.today - since).days
    if silence > SILENCE_DAYS:
        found.append(
            Signal(
                "silence",
                f"Rien d'écrit dans le livret depuis {silence} jours.",
                "En parler à la prochaine demi-journée au CFA.",
            )
        )
    if facts.link_unanswered_since:
        waited = (facts.today - facts.link_unanswered_since).days
        if waited > LINK_DAYS:
            found.append(
                Signal(
                    "lien",
                    f"Le lien envoyé au maître d'apprentissage reste sans réponse depuis {waited} jours.",
                    "L'appeler, ou renouveler le lien.",
                )
            )
    if facts.average is not None and facts.average < LOW_MARK:
        found.append(
            Signal(
                "notes",
                f"Moyenne des notes communiquées : {str(facts.average).replace('.', ',')} sur 20.",
                "Proposer un soutien.",
            )
        )
    if facts.late_commitments:
        found.append(
            Signal(
                "engagements",
                _late(facts.late_commitments),
                "Les reprendre au prochain bilan.",
            )
        )
    return found
