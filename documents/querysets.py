from django.db import models

from accounts.enums import READING_ROLES, STAFF_ROLES

from .enums import DocumentState


class DocumentQuerySet(models.QuerySet):
    def visible_to(self, user):
        """All of the centres that the person runs or audits, and those made for the person."""
        return self.filter(
            models.Q(cfa__in=user.cfa_ids(*READING_ROLES))
            | models.Q(pk__in=user.readable_documents.values("pk"))
            | models.Q(requested_by=user)
        )

    def issued(self):
        return self.filter(state=DocumentState.ISSUED)

    def failed(self):
        return self.filter(state=DocumentState.FAILED)


class JobQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own, and those of the centres that the person runs."""
        return self.filter(models.Q(owner=user) | models.Q(cfa__in=user.cfa_ids(*STAFF_ROLES)))
