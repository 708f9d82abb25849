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


class VersionState(models.TextChoices):
    """Life of one version of a référentiel."""

    DRAFT = "draft", "Brouillon"
    PUBLISHED = "published", "Publiée"
    SUPERSEDED = "superseded", "Remplacée"


class Severity(models.TextChoices):
    """How much a finding of the conformity check weighs."""

    BLOCKING = "blocking", "Bloquant"
    WARNING = "warning", "À corriger"
    INFORMATION = "information", "À savoir"


class Assumed(models.TextChoices):
    """What a document does not print and the data file had to suppose."""

    DATES = "dates", "Dates"
    SESSION = "session", "Session d'examen"
    WEEKDAYS = "weekdays", "Jours de la semaine"
    HALVES = "halves", "Horaires de la journée"
    HOURS_BY_SUBJECT = "hours_by_subject", "Heures par matière"
    HOURS_BY_YEAR = "hours_by_year", "Heures par année"
    GROUP = "group", "Effectif"


class Topic(models.TextChoices):
    """What a document may affirm; each topic has its form of value (loader.claims.SHAPES)."""

    RNCP = "rncp", "Code RNCP"
    LEVEL = "level", "Niveau"
    ECTS = "ects", "Crédits ECTS"
    NSF = "nsf", "Code NSF"
    CODE_DIPLOME = "code_diplome", "Code diplôme"
    ROME = "rome", "Code ROME"
    REGISTERED_FROM = "registered_from", "Début d'enregistrement"
    REGISTERED_UNTIL = "registered_until", "Fin d'enregistrement"
    SHEET_DATE = "sheet_date", "Publication de la fiche RNCP"
    CERTIFICATEUR = "certificateur", "Certificateur"
    NATURE = "nature", "Nature de la certification"
    CONTRACT_KINDS = "contract_kinds", "Contrats possibles"
    MONTHS = "months", "Durée en mois"
    HOURS_PER_YEAR = "hours_per_year", "Heures par an"
    WEEKS_PER_YEAR = "weeks_per_year", "Semaines par an"
    WEEKLY_PLAN = "weekly_plan", "Heures par semaine"
    BLOC = "bloc", "Bloc de compétences"
    OBJECTIVES = "objectives", "Objectifs"
    MERGED = "merged", "Épreuves réunies"
    PASS_AVERAGE = "pass_average", "Moyenne d'admission"
    KEPT_MARKS = "kept_marks", "Notes conservées"
    DISPENSES = "dispenses", "Dispenses d'unités"
    FORMER_DIPLOMA = "former_diploma", "Équivalence d'un ancien diplôme"
    LEGAL_BASIS = "legal_basis", "Texte cité"
    FACT = "fact", "Autre règle du diplôme"
    AGE_MIN = "age_min", "Âge d'entrée"
    ACCESS = "access", "Diplôme d'entrée"
    PROMISED_RATES = "promised_rates", "Taux annoncés"
