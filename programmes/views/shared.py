"""What several pages need: whose programme, and the answer to a form."""

from uuid import UUID

from django import forms
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from accounts.enums import STAFF_ROLES
from accounts.http import Request
from accounts.models import User

from ..models import CfaProgramme


def person(request: Request) -> User:
    """Who is signed in; the decorators let nobody else in."""
    return request.user


def programmes_here(request: Request) -> QuerySet[CfaProgramme]:
    """Those of the CFA under which the person works now."""
    return (
        CfaProgramme.objects.visible_to(request.user)
        .filter(cfa=request.membership.cfa)
        .select_related("cfa", "referentiel")
    )


def programme_or_404(request: Request, uuid: UUID) -> CfaProgramme:
    return get_object_or_404(programmes_here(request), uuid=uuid)


def runs_it(request: Request) -> bool:
    """The person's current role edits programmes."""
    return request.membership.role in STAFF_ROLES


def status(form: forms.BaseForm) -> int:
    """422 for a form sent and refused."""
    return 422 if form.is_bound else 200
