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
