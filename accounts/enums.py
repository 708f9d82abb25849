from django.db import models


class Role(models.TextChoices):
    """What a person does in one CFA."""

    ADMIN = "admin", "Administration du CFA"
    STAFF = "staff", "Équipe du CFA"
    TRAINER = "trainer", "Formateur, tuteur CFA"
    APPRENTICE = "apprentice", "Apprenti"
    MAITRE = "maitre", "Maître d'apprentissage"
    AUDITOR = "auditor", "Auditeur (lecture seule)"


# Who runs the CFA: they see everything of it and may change it.
STAFF_ROLES = (Role.ADMIN, Role.STAFF)
# Who may read everything of the CFA.
READING_ROLES = (Role.ADMIN, Role.STAFF, Role.AUDITOR)
