from django.db import models


class PeriodState(models.TextChoices):
    """Signatures come in one order: apprentice, maître d'apprentissage, CFA tutor."""

    DRAFT = "draft", "À compléter par l'apprenti"
    APPRENTICE_SIGNED = "apprentice_signed", "À signer par le maître d'apprentissage"
    MAITRE_SIGNED = "maitre_signed", "À signer par le tuteur CFA"
    CLOSED = "closed", "Signée par les trois"


class PeriodRole(models.TextChoices):
    APPRENTICE = "apprentice", "Apprenti"
    MAITRE = "maitre", "Maître d'apprentissage"
    TUTOR = "tutor", "Tuteur CFA"


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


# How the status component draws each state.
STATUS_KINDS = {
    "draft": "todo",
    "apprentice_signed": "run",
    "maitre_signed": "run",
    "closed": "done",
}
