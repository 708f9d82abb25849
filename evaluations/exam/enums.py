from django.db import models


class Forme(models.TextChoices):
    """How a candidate presents the units (D643-14, D643-22)."""

    GLOBALE = "globale", "Globale : toutes les unités à la même session"
    PROGRESSIVE = "progressive", "Progressive : unité par unité"


class Status(models.TextChoices):
    """What a unit of a candidate bears."""

    MARK = "mark", "Note"
    KEPT = "kept", "Note conservée"
    DISPENSED = "dispensed", "Dispensé"
    ABSENT = "absent", "Absent (AB)"
    FORCE_MAJEURE = "force_majeure", "Absent, force majeure (FM)"
    NV = "nv", "Dossier non valide (NV)"


class Decision(models.TextChoices):
    """What follows from the marks."""

    ADMIS = "admis", "Admis"
    ADMIS_APRES_CONTROLE = "admis_apres_controle", "Admis après les épreuves de contrôle"
    CONTROLE = "controle", "Autorisé aux épreuves de contrôle"
    REFUSE = "refuse", "Refusé après les épreuves de contrôle"
    AJOURNE = "ajourne", "Ajourné"
    NON_DELIVRABLE = "non_delivrable", "Diplôme non délivrable"
