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


class SignatureKind(models.TextChoices):
    DRAWN = "drawn", "Dessinée"
    TYPED = "typed", "Nom saisi au clavier"
