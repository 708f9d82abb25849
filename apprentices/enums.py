from django.db import models


class ContractKind(models.TextChoices):
    APPRENTISSAGE = "apprentissage", "Contrat d'apprentissage"
    PROFESSIONNALISATION = "professionnalisation", "Contrat de professionnalisation"


class ContractState(models.TextChoices):
    DRAFT = "draft", "Brouillon"
    SIGNED = "signed", "Signé"
    TRANSMITTED = "transmitted", "Transmis à l'OPCO"
    RUNNING = "running", "En cours"
    ENDED = "ended", "Terminé"
    BROKEN = "broken", "Rompu"


class PayBase(models.TextChoices):
    SMIC = "smic", "SMIC"
    SMC = "smc", "Salaire minimum conventionnel"


class ContractAction(models.TextChoices):
    SIGN = "sign", "Enregistrer la signature"
    TRANSMIT = "transmit", "Enregistrer la transmission à l'OPCO"


class Derogation(models.TextChoices):
    """Box "type de dérogation" of the CERFA 10103 (notice 51649)."""

    UNDER_16 = "11", "11 · Âge inférieur à 16 ans"
    OVER_29 = "12", "12 · Âge supérieur à 29 ans"
    SHORTER = "21", "21 · Réduction de la durée"
    LONGER = "22", "22 · Allongement de la durée"
    SEVERAL = "50", "50 · Cumul de dérogations"
    OTHER = "60", "60 · Autre dérogation"


class FindingLevel(models.TextChoices):
    BLOCKING = "B", "Bloquant"
    WARNING = "W", "À vérifier"
