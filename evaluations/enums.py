from django.db import models


class EvaluationState(models.TextChoices):
    DRAFT = "draft", "En cours de saisie"
    LOCKED = "locked", "Verrouillée"


class SituationCode(models.TextChoices):
    A = "A", "Situation A"
    B = "B", "Situation B"


class Deed(models.TextChoices):
    """What a person may do to an evaluation that has a state."""

    EDIT = "edit", "Saisir"
    LOCK = "lock", "Verrouiller"
    REOPEN = "reopen", "Rouvrir"
    ISSUE = "issue", "Éditer la fiche"
