from django.db import models


class Categorie(models.TextChoices):
    """Columns of the règlement d'examen: what decides the form of an épreuve for a candidate."""

    HABILITE = "habilite", "CFA habilité au CCF"
    FPC_CCF_INTEGRAL = "fpc_ccf_integral", "Formation continue, CCF intégral"
    PONCTUEL = "ponctuel", "CFA non habilité, forme ponctuelle"


class EpreuveForm(models.TextChoices):
    CCF = "ccf", "CCF"
    ECRITE = "ponctuelle_ecrite", "Ponctuelle écrite"
    ORALE = "ponctuelle_orale", "Ponctuelle orale"
    PRATIQUE = "ponctuelle_pratique", "Ponctuelle pratique"
    ECRITE_PRATIQUE = "ponctuelle_ecrite_pratique", "Ponctuelle écrite et pratique"


class Confidence(models.TextChoices):
    """How sure we are of a value of the référentiel."""

    FOUND = "found", "lu dans le texte officiel"
    FOUND_2ND = "found-2nd", "lu dans une source secondaire"
    SEED = "seed", "lu dans un document de CFA ou du ministère"
    INFERRED = "inferred", "déduit de faits établis"
    GENERAL = "gk", "connaissance générale, non vérifiée"


class Level(models.TextChoices):
    """Boxes of the official grids of E4 and E6."""

    TI = "TI", "Très insuffisant"
    I = "I", "Insuffisant"  # noqa: E741  # the official letter
    S = "S", "Satisfaisant"
    TS = "TS", "Très satisfaisant"


class Half(models.TextChoices):
    """A half-day."""

    MORNING = "matin", "Matin"
    AFTERNOON = "apres_midi", "Après-midi"


class Zone(models.TextChoices):
    """Where the public holidays of a CFA are those of the law (CT L3133-1, L3134-13, L3422-2)."""

    METROPOLE = "metropole", "Métropole"
    ALSACE_MOSELLE = "alsace_moselle", "Alsace et Moselle"
    GUADELOUPE = "guadeloupe", "Guadeloupe"
    MARTINIQUE = "martinique", "Martinique"
    GUYANE = "guyane", "Guyane"
    REUNION = "reunion", "La Réunion"
    MAYOTTE = "mayotte", "Mayotte"


class Difference(models.TextChoices):
    """What separates the épreuve that a CFA announces from the official one."""

    UNKNOWN = "unknown", "N'existe pas au règlement"
    MISSING = "missing", "Absente du document"
    COEFFICIENT = "coefficient", "Coefficient différent"
    FORM = "form", "Modalité différente"
