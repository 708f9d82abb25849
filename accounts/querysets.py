from django.db import models

from .enums import READING_ROLES


class CfaQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The centres in which the person has a role."""
        if user.is_superuser:
            return self
        return self.filter(pk__in=user.cfa_ids())


class MembershipQuerySet(models.QuerySet):
    def active(self):
        return self.filter(is_active=True)

    def visible_to(self, user):
        """Those of the centres that the person runs or audits, and one's own."""
        return self.filter(models.Q(cfa__in=user.cfa_ids(*READING_ROLES)) | models.Q(user=user))


class InvitationQuerySet(models.QuerySet):
    def pending(self):
        """Neither accepted nor cancelled; perhaps expired."""
        return self.filter(accepted_at__isnull=True, cancelled_at__isnull=True)

    def visible_to(self, user):
        """Those of the centres that the person runs or audits."""
        return self.filter(cfa__in=user.cfa_ids(*READING_ROLES))


class EventQuerySet(models.QuerySet):
    def about(self, subject):
        return self.filter(subject=subject._meta.label_lower, subject_id=str(subject.uuid))

    def visible_to(self, user):
        return self.filter(cfa__in=user.cfa_ids(*READING_ROLES))

    def delete(self):
        raise TypeError("L'historique ne s'efface pas.")

    def update(self, **kwargs):
        raise TypeError("L'historique ne se modifie pas.")
