from django.db import models


class CfaProgrammeQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The programmes of the centres where the person has a role."""
        return self.filter(cfa__in=user.cfa_ids())


class ReferentielQuerySet(models.QuerySet):
    def for_session(self, rncp: str, session: int):
        """The version of a certification that rules the exam session of that year."""
        return self.filter(rncp=rncp, session_from__lte=session).filter(
            models.Q(session_to__isnull=True) | models.Q(session_to__gte=session)
        )
