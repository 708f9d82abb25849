from django.db import models


class EvaluationState(models.TextChoices):
    DRAFT = "draft", "En cours de saisie"
    LOCKED = "locked", "Verrouillée"


class SituationCode(models.TextChoices):
    A = "A", "Situation A"
    B = "B", "Situation B"
