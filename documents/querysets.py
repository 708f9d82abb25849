from django.db import models

from accounts.enums import READING_ROLES, STAFF_ROLES

from .enums import ACTIVE_JOB_STATES, DocumentState, ItemState


class DocumentQuerySet(models.QuerySet):
    def visible_to(self, user):
        """All of the centres that the person runs or audits, and those made for the person."""
        return self.filter(
            models.Q(cfa__in=user.cfa_ids(*READING_ROLES))
            | models.Q(pk__in=user.readable_documents.values("pk"))
            | models.Q(requested_by=user, cfa__in=user.cfa_ids())
        )

    def issued(self):
        return self.filter(state=DocumentState.ISSUED)

    def failed(self):
        return self.filter(state=DocumentState.FAILED)


class JobQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own, and those of the centres that the person runs."""
        return self.filter(
            models.Q(owner=user, cfa__in=user.cfa_ids())
            | models.Q(cfa__in=user.cfa_ids(*STAFF_ROLES))
        )

    def active(self):
        return self.filter(state__in=ACTIVE_JOB_STATES)


class JobItemQuerySet(models.QuerySet):
    def ready(self, now):
        """To be done now: not taken by a living worker, not waiting for its next attempt."""
        return self.filter(
            models.Q(leased_until__isnull=True) | models.Q(leased_until__lt=now),
            models.Q(retry_at__isnull=True) | models.Q(retry_at__lte=now),
            state=ItemState.QUEUED,
        )
