from django.db import models


class SessionState(models.TextChoices):
    PLANNED = "planned", "Prévue"
    CANCELLED = "cancelled", "Annulée"


class SheetState(models.TextChoices):
    """A sheet exists from its opening on: before that, the half-day is only planned."""

    OPEN = "open", "Émargement ouvert"
    CLOSED = "closed", "Contresignée et close"


class PresenceState(models.TextChoices):
    EXPECTED = "expected", "Attendu"
    PRESENT = "present", "Présent"
    LATE = "late", "En retard"
    ABSENT = "absent", "Absence à justifier"
    EXCUSED = "excused", "Absence justifiée"


class SignatureMethod(models.TextChoices):
    OWN_PHONE = "own_phone", "Appareil de la personne"
    TRAINER_DEVICE = "trainer_device", "Appareil du formateur"
    WALL_CODE = "wall_code", "Code affiché en salle"
    PERSONAL_LINK = "personal_link", "Lien personnel"
    OWN_QR = "own_qr", "QR de la personne, lu par le formateur"
    PAPER = "paper", "Feuille papier"


class SignatureKind(models.TextChoices):
    DRAWN = "drawn", "Dessinée"
    TYPED = "typed", "Nom saisi au clavier"
    PAPER = "paper", "Sur papier"


class ProofKind(models.TextChoices):
    """What a link of the chain of proofs tells."""

    OPEN = "open", "Ouverture"
    SIGN = "sign", "Signature"
    MARK = "mark", "Annotation du formateur"
    COUNTERSIGN = "countersign", "Contresignature"
    CLOSE = "close", "Clôture"
    REOPEN = "reopen", "Réouverture"
    CORRECT = "correct", "Correction"


class QueuedState(models.TextChoices):
    """A signature made without network that could not be taken as it came."""

    WAITING = "waiting", "À décider"
    ACCEPTED = "accepted", "Acceptée"
    DISMISSED = "dismissed", "Écartée"


class ExceptionKind(models.TextChoices):
    """What a line of a cohort's calendar changes to its rhythm."""

    CLOSURE = "fermeture", "Fermeture du CFA"
    CFA = "cfa", "Jours au CFA en plus"
    COMPANY = "entreprise", "En entreprise au lieu du CFA"
    EXAM = "examen", "Épreuves d'examen"


class AbsenceState(models.TextChoices):
    """What became of a missed half-day after its sheet was closed."""

    TO_JUSTIFY = "to_justify", "À justifier"
    JUSTIFIED = "justified", "Justifiée"
    UNJUSTIFIED = "unjustified", "Injustifiée"


class AbsenceCategory(models.TextChoices):
    """Why somebody was not there; the effect of each is in rules/absences.py."""

    ILLNESS = "arret_travail", "Arrêt de travail"
    ACCIDENT = "accident", "Accident"
    FAMILY = "evenement_familial", "Événement familial"
    SUMMONS = "convocation", "Convocation (JDC, examen, justice, visite médicale)"
    KEPT = "garde_employeur", "Gardé par l'employeur"
    EXAM_LEAVE = "conge_examen", "Congé d'examen (5 jours)"
    OTHER = "autre", "Autre motif"


class JustificationState(models.TextChoices):
    SUBMITTED = "submitted", "À examiner"
    ACCEPTED = "accepted", "Acceptée"
    REFUSED = "refused", "Refusée"


class NoticeKind(models.TextChoices):
    """Why the centre wrote to somebody about attendance."""

    MOVED = "moved", "Demi-journée déplacée"
    CANCELLED = "cancelled", "Demi-journée annulée"
    ADDED = "added", "Demi-journée ajoutée"
    ABSENCE_COMPANY = "absence_company", "Absences du jour, à l'entreprise"
    ABSENCE_FAMILY = "absence_family", "Absences du jour, au représentant légal"
    ABSENCE_APPRENTICE = "absence_apprentice", "Absence à justifier"
    TAKEN_BACK = "taken_back", "Absence annulée"
    DECISION = "decision", "Justificatif examiné"


class PaperKind(models.TextChoices):
    """The documents that say who was there."""

    WEEK = "feuille_semaine", "Feuille d'émargement de la semaine"
    MONTH = "feuille_mois", "Feuille d'émargement du mois"
    STATEMENT = "releve_assiduite", "Relevé mensuel d'assiduité"
    CERTIFICATE = "certificat_realisation", "Certificat de réalisation"
    DILIGENCE = "attestation_assiduite", "Attestation d'assiduité"
    ENTRY = "attestation_entree", "Attestation d'entrée en formation"
