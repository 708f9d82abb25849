from collections.abc import Mapping

from django.db import models

from programmes.enums import Categorie

# The épreuves are sat around this day of the session's year: the category of a candidate is that of the CFA
# then (exam-rules 1.1), and the company of the exam is the one that employs the candidate then.
EXAM_MONTH, EXAM_DAY = 6, 1


# How a registration says its column of the règlement d'examen, for one candidate.
CATEGORIES: Mapping[str, str] = {
    Categorie.HABILITE: "E4 et E6 en CCF",
    Categorie.FPC_CCF_INTEGRAL: Categorie.FPC_CCF_INTEGRAL.label,
    Categorie.PONCTUEL: "Tout en ponctuel",
}


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

    @property
    def is_passed(self) -> bool:
        return self in (Decision.ADMIS, Decision.ADMIS_APRES_CONTROLE)


PASSED = tuple(one for one in Decision if one.is_passed)


class RegistrationState(models.TextChoices):
    DRAFT = "draft", "À confirmer"
    CONFIRMED = "confirmed", "Confirmée"
    WITHDRAWN = "withdrawn", "Retirée"


class Plan(models.TextChoices):
    """What the candidate asks for a unit when registering."""

    SIT = "sit", "À passer"
    KEPT = "kept", "Note conservée"
    DISPENSED = "dispensed", "Dispense"


class Outcome(models.TextChoices):
    """What a unit to sit bears in place of a mark."""

    ABSENT = "absent", "Absent (AB)"
    FORCE_MAJEURE = "force_majeure", "Absent, force majeure (FM)"
    NV = "nv", "Dossier non valide (NV)"


class Stage(models.TextChoices):
    """Where a mark comes from: three values kept apart, and the oral of the second chance."""

    PROPOSED = "proposed", "Proposée"
    HARMONISED = "harmonised", "Harmonisée"
    DECIDED = "decided", "Arrêtée par le jury"
    ORAL = "oral", "Oral de contrôle"
