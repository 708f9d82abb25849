"""What is not kept for ever."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from accounts.errors import NotAllowed
from evaluations import keeping
from evaluations.exam import actions
from evaluations.samples import small_pdf

from .test_exam_actions import publish


@pytest.fixture
def world(exam_world):
    return exam_world


def test_the_proof_of_a_dispense_is_proposed_for_deletion_a_year_after_the_jury(
    world, signed_in, django_capture_on_commit_callbacks, monkeypatch
):
    file = SimpleUploadedFile("diplome.pdf", small_pdf("BTS MCO"))
    proof = actions.add_proof(registration=world.one, title="BTS MCO, 2024", file=file, by=world.elise)  # fmt: skip
    assert keeping.due(world.cfa, date(2030, 1, 1)).count == 0  # no jury yet
    publish(world)
    assert keeping.due(world.cfa, date(2027, 7, 2)).files == []
    assert keeping.due(world.cfa, date(2027, 7, 3)).files == [proof]
    assert keeping.due(world.other_cfa, date(2027, 7, 3)).count == 0
    monkeypatch.setattr(timezone, "now", lambda: datetime(2027, 7, 4, 12, tzinfo=UTC))
    client = signed_in(world.elise)
    assert "BTS MCO, 2024" in client.get(reverse("evaluations:dossier_list")).content.decode()
    with pytest.raises(NotAllowed):
        keeping.purge(cfa=world.cfa, by=world.bruno)
    path = Path(proof.file.path)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("evaluations:dossiers_purge"))
    proof.refresh_from_db()
    assert (bool(proof.file), len(proof.sha256), path.exists()) == (False, 64, False)
    assert client.get(reverse("evaluations:exam_proof", args=[proof.uuid])).status_code == 404
