from django.db import models

from accounts.errors import DomainError

from .enums import VersionState

FROZEN = (
    "Une version publiée du référentiel ne change plus : créez une nouvelle version, ou une nouvelle "
    "édition, et publiez-la avec son motif."
)


class FrozenQuerySet(models.QuerySet):
    """Rows of a référentiel: refused by the ORM once their version is published."""

    def _refuse_frozen(self, rows: models.QuerySet) -> None:
        path: str = self.model.version_path  # type: ignore[attr-defined]  # bases.Frozen
        lookup = f"{path}__state" if path else "state"
        if rows.exclude(**{lookup: VersionState.DRAFT}).exists():
            raise DomainError(FROZEN)

    def update(self, **kwargs):
        self._refuse_frozen(self.order_by())
        return super().update(**kwargs)

    def delete(self):
        self._refuse_frozen(self.order_by())
        return super().delete()

    delete.queryset_only = True  # type: ignore[attr-defined]  # Django's mark: not on managers

    def bulk_update(self, objs, fields, batch_size=None):
        objs = list(objs)
        self._refuse_frozen(self.model._base_manager.filter(pk__in=[row.pk for row in objs]))
        return super().bulk_update(objs, fields, batch_size)

    def bulk_create(self, objs, *args, **kwargs):
        objs = list(objs)
        if any(row.belongs_to_frozen() for row in objs):
            raise DomainError(FROZEN)
        return super().bulk_create(objs, *args, **kwargs)


class ReferentielQuerySet(FrozenQuerySet):
    def for_session(self, rncp: str, session: int):
        """The published version of a certification that rules the exam session of that year."""
        return self.filter(
            rncp=rncp, session_from__lte=session, state=VersionState.PUBLISHED
        ).filter(models.Q(session_to__isnull=True) | models.Q(session_to__gte=session))

    def visible_to(self, user):
        """Published versions, and drafts for those who run a CFA."""
        if user.memberships.active().filter(role__in=("admin", "staff")).exists():
            return self.all()
        return self.exclude(state=VersionState.DRAFT)

    def pass_frozen(self, **values) -> int:
        """The only changes of a published version: its state, and the end of its range of sessions."""
        if not set(values) <= {"state", "session_to"}:
            raise DomainError(FROZEN)
        return super(FrozenQuerySet, self).update(**values)


class CfaProgrammeQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The programmes of the centres where the person has a role."""
        return self.filter(cfa__in=user.cfa_ids())


class PublicationQuerySet(models.QuerySet):
    def update(self, **kwargs):
        raise DomainError(
            "Une version publique de programme ne change plus : publiez-en une autre."
        )

    def delete(self):
        raise DomainError("Une version publique de programme est gardée : elle ne s'efface pas.")

    delete.queryset_only = True  # type: ignore[attr-defined]  # Django's mark: not on managers
