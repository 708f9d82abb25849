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


class PeriodState(models.TextChoices):
    """A semester takes marks, or is closed."""

    OPEN = "open", "Ouvert"
    LOCKED = "locked", "Verrouillé"


class AssessmentKind(models.TextChoices):
    """What is assessed in training; blank exams prepare one épreuve."""

    QUIZ = "quiz", "Contrôle, QCM"
    CASE = "etude_de_cas", "Étude de cas"
    ROLE_PLAY = "mise_en_situation", "Mise en situation, jeu de rôle"
    HOMEWORK = "dossier", "Dossier, travail à rendre"
    BLANK_WRITTEN = "ecrit_blanc", "Épreuve blanche écrite"
    BLANK_ORAL = "oral_blanc", "Épreuve blanche orale"


BLANK_EXAMS = (AssessmentKind.BLANK_WRITTEN, AssessmentKind.BLANK_ORAL)


class MarkStatus(models.TextChoices):
    """A mark, or why there is none (the letter is what one types in the grid)."""

    MARKED = "marked", "Noté"
    ABSENT = "absent", "Absent"
    DISPENSED = "dispensed", "Dispensé"
    UNMARKED = "unmarked", "Non noté"


class Opinion(models.TextChoices):
    """The team's opinion on the livret scolaire (usual wording: general knowledge, not verified)."""

    VERY_FAVOURABLE = "tf", "Très favorable"
    FAVOURABLE = "f", "Favorable"
    TO_PROVE = "dfp", "Doit faire ses preuves"


class SittingState(models.TextChoices):
    """A date given to a situation of CCF."""

    PLANNED = "planned", "Planifiée"
    CONVENED = "convened", "Convoquée"
    ABSENT = "absent", "Absent"
    CANCELLED = "cancelled", "Annulée"


# Their situation may be given another date.
FALLEN_SITTINGS = (SittingState.ABSENT, SittingState.CANCELLED)


class MemberKind(models.TextChoices):
    """As what a person sits in a commission (REF2018)."""

    TEACHER = "teacher", "Formateur du bloc"
    TUTOR = "tutor", "Tuteur CFA"
    MAITRE = "maitre", "Maître d'apprentissage"
    WORKSHOP = "workshop", "Formateur de l'atelier"


class DossierState(models.TextChoices):
    """What the check of conformity decided (REF2018)."""

    OPEN = "open", "À contrôler"
    CONFORM = "conform", "Conforme"
    RESERVED = "reserved", "Doute : note réservée"
    NV = "nv", "Non valide (NV)"


class PieceKind(models.TextChoices):
    """What a dossier holds."""

    FICHE = "fiche", "Fiche d'activité"
    STUDY = "etude", "Étude réflexive"
    PROOF = "attestation", "Attestation ou copie du contrat"
    REPORT = "compte_rendu", "Compte rendu d'évaluation en entreprise"


class SignatureManner(models.TextChoices):
    """How a member of the commission signed a locked sheet."""

    ACCOUNT = "account", "Dans l'application"
    DEVICE = "device", "Sur l'appareil d'un évaluateur"
    HAND = "hand", "À la main, scan conservé"
