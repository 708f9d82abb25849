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
