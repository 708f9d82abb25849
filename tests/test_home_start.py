"""The first page of a CFA that has nothing yet."""

import pytest
from django.urls import reverse

pytestmark = pytest.mark.django_db


def test_an_empty_centre_is_told_how_to_begin_step_by_step(cast, signed_in):
    admin, staff = signed_in(cast.farid), signed_in(cast.elise)
    steps = admin.get("/").context["steps"]
    assert [step.is_done for step in steps] == [False, True, False, False, False]
    assert [admin.get(step.url).status_code for step in steps] == [200] * 5
    page = staff.get("/").content.decode()
    assert "Pour commencer" in page
    assert "Rien à traiter" not in page
    assert f'href="{reverse("accounts:cfa_edit")}"' not in page  # only the administration may
