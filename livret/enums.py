from django.db import models


class PeriodState(models.TextChoices):
    """Signatures come in one order: apprentice, maître d'apprentissage, CFA tutor."""

    DRAFT = "draft", "À compléter par l'apprenti"
    APPRENTICE_SIGNED = "apprentice_signed", "À signer par le maître d'apprentissage"
    MAITRE_SIGNED = "maitre_signed", "À signer par le tuteur CFA"
    CLOSED = "closed", "Signée par les trois"


class Cadence(models.TextChoices):
    """How the CFA cuts the course into periods of alternance."""

    QUARTERLY = "quarterly", "Chaque trimestre"
    MONTHLY = "monthly", "Chaque mois"
    BLOCK = "block", "D'un regroupement au CFA au suivant"


class PeriodRole(models.TextChoices):
    """As whom a person writes and signs; the direction signs bilans only, never a period."""

    APPRENTICE = "apprentice", "Apprenti"
    MAITRE = "maitre", "Maître d'apprentissage"
    TUTOR = "tutor", "Tuteur CFA"
    DIRECTION = "direction", "Direction du CFA"

    @property
    def name_inside(self) -> str:
        """The label inside a sentence: its first letter alone is lowered."""
        return f"{self.label[0].lower()}{self.label[1:]}"


# Who signs each period, in this order.
THREE = (PeriodRole.APPRENTICE, PeriodRole.MAITRE, PeriodRole.TUTOR)


class CompetenceLevel(models.TextChoices):
    """Scale of the livret's competence grid (apprenticeship-rules, section 5)."""

    NON_VU = "non_vu", "Non vu"
    DEBUTANT = "debutant", "Débutant"
    EN_COURS = "en_cours", "En cours d'acquisition"
    AUTONOME = "autonome", "Autonome"


class MaitrePosition(models.TextChoices):
    """The maître's opinion of the whole period."""

    DIFFICULT = "difficult", "En difficulté"
    PROGRESSING = "progressing", "En progrès"
    EXPECTED = "expected", "Au niveau attendu"
    ABOVE = "above", "Au-dessus du niveau attendu"


class ActivityKind(models.TextChoices):
    """What a task of the company is, as the fiches of E4 and E6 ask for it."""

    NEGOCIATION = "negociation", "Négociation-vente et accompagnement"
    EVENEMENT = "evenement", "Organisation d'un évènement commercial"
    PROSPECTION = "prospection", "Ciblage et prospection"
    INFORMATION = "information", "Information commerciale, veille"
    DISTANCE = "distance", "Relation client à distance, digital"
    RESEAU = "reseau", "Animation de réseau"
    AUTRE = "autre", "Autre mission"


class NetworkKind(models.TextChoices):
    """The three kinds of network of E6 (arrêté du 19 février 2018)."""

    DISTRIBUTEURS = "distributeurs", "Réseau de distributeurs"
    PARTENAIRES = "partenaires", "Réseau de partenaires"
    VENTE_DIRECTE = "vente_directe", "Réseau de vente directe"


class Term(models.TextChoices):
    SHORT = "short", "Court terme (premier trimestre)"
    MEDIUM = "medium", "Moyen terme (première année)"
    LONG = "long", "Long terme (avant l'examen)"


class LinkDeed(models.TextChoices):
    """The one deed that a personal link opens."""

    OPINION = "opinion", "Donner un avis sur les périodes"
    REVIEW = "review", "Lire et signer un bilan"
    READING = "reading", "Lire le livret (représentant légal)"


class CorrectionState(models.TextChoices):
    ASKED = "asked", "À vérifier"
    ACCEPTED = "accepted", "Acceptée"
    REFUSED = "refused", "Refusée"


class ReviewKind(models.TextChoices):
    """What brings the three together."""

    PLAN = "plan", "Positionnement et plan de formation"
    VISIT = "visit", "Visite en entreprise"
    QUARTERLY = "quarterly", "Bilan trimestriel"
    SEMESTER = "semester", "Bilan semestriel"
    FINAL = "final", "Bilan final"


class ReviewMode(models.TextChoices):
    COMPANY = "company", "En entreprise"
    CFA = "cfa", "Au CFA"
    VIDEO = "video", "En visioconférence"
    PHONE = "phone", "Par téléphone"


class ReviewState(models.TextChoices):
    PLANNED = "planned", "Prévu"
    WRITING = "writing", "À rédiger"
    SIGNING = "signing", "À signer"
    CLOSED = "closed", "Signé par tous"
    REPLACED = "replaced", "Remplacé par une nouvelle version"
    CANCELLED = "cancelled", "Annulé"


class CommitmentState(models.TextChoices):
    OPEN = "open", "En cours"
    DONE = "done", "Tenu"
    DROPPED = "dropped", "Abandonné"


class FicheState(models.TextChoices):
    DRAFT = "draft", "Brouillon"
    READY = "ready", "Prête à déposer"


# How the status component draws each state.
STATUS_KINDS = {
    "draft": "todo",
    "apprentice_signed": "run",
    "maitre_signed": "run",
    "closed": "done",
}
REVIEW_STATUS_KINDS = {
    "planned": "none",
    "writing": "todo",
    "signing": "run",
    "closed": "done",
    "replaced": "none",
    "cancelled": "none",
}
