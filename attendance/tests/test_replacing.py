"""Another trainer on an open sheet: who was there countersigns, the signatures stay, the chain says it."""

import pytest
from django.urls import reverse

from accounts.errors import DomainError, NotAllowed
from attendance.actions import countersign_sheet, open_sheet, replace_trainer, sign_presence
from attendance.models import Notice
from attendance.proofs.verify import verify

from .recipes import add_trainer, at, own_phone, trainer_device

pytestmark = pytest.mark.django_db


@pytest.fixture
def sheet(school):
    sheet = open_sheet(session=school.session(), by=school.cast.bruno, at=at(8, 55))
    sign_presence(presence=school.presence(sheet), **own_phone(school.cast.aicha), at=at(9, 2))
    return sheet


def test_who_was_there_countersigns_instead(school, sheet, signed_in):
    ines = add_trainer(school.cast, "Inès", "Marchand")
    address = reverse("attendance:trainer_replace", args=[sheet.uuid])
    team = signed_in(school.cast.elise)
    assert team.post(address, {"trainer": ines.pk}).status_code == 422
    answer = team.post(address, {"trainer": ines.pk, "reason": "Bruno est souffrant"})
    assert answer.url == reverse("attendance:sheet_detail", args=[sheet.uuid])
    with pytest.raises(NotAllowed):
        countersign_sheet(sheet=sheet, **trainer_device(school.cast.bruno), at=at(12, 30))
    closed = countersign_sheet(sheet=sheet, **trainer_device(ines), at=at(12, 30))
    assert closed.closed_by == ines
    assert school.presence(sheet).signature is not None
    assert verify(school.cast.cfa).problems == []
    assert set(Notice.objects.get().recipients) == {ines.email, school.cast.bruno.email}


def test_a_replacement_needs_a_right_a_reason_and_somebody_free(school, sheet):
    ines = add_trainer(school.cast, "Inès", "Marchand")
    with pytest.raises(NotAllowed):
        replace_trainer(sheet=sheet, trainer=ines, reason="x", by=school.cast.bruno)
    with pytest.raises(DomainError, match="pourquoi"):
        replace_trainer(sheet=sheet, trainer=ines, reason=" ", by=school.cast.elise)
    with pytest.raises(DomainError, match="n'est pas formateur"):
        replace_trainer(sheet=sheet, trainer=school.cast.gaelle, reason="x", by=school.cast.elise)
    countersign_sheet(sheet=sheet, **trainer_device(school.cast.bruno), at=at(12, 30))
    with pytest.raises(DomainError, match="close"):
        replace_trainer(sheet=sheet, trainer=ines, reason="x", by=school.cast.elise)
