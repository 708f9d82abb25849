"""Tasks and proofs of a period: what is kept, what is refused, who reads."""

from datetime import timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from accounts.errors import DomainError, NotAllowed
from documents.uploads import LARGEST_PHOTO, LONGEST_SIDE
from livret.actions import add_proof, remove_proof, save_task, sign_period, write_period
from livret.models import LivretPeriod, Proof
from livret.pdf import assessed_competences

from .recipes import strokes


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def picture(width=640, height=480, form="JPEG", **options) -> bytes:
    out = BytesIO()
    Image.effect_noise((64, 48), 40).convert("RGB").resize((width, height)).save(
        out, form, **options
    )
    return out.getvalue()


def joined(place, data: bytes, name="photo.jpg", **options):
    return add_proof(
        period=place.period,
        file=BytesIO(data),
        name=name,
        size=len(data),
        by=place.cast.aicha,
        **options,
    )


def test_it_writes_a_task_once_however_often_the_phone_sends_it(place):
    competences = assessed_competences(place.enrolment)[:2]
    uuid = uuid4()
    for _ in range(2):
        save_task(
            period=place.period,
            uuid=uuid,
            title="  Stand  tenu ",
            kind="evenement",
            done_on=timezone.localdate() - timedelta(days=60),
            competences=competences,
            by=place.cast.aicha,
        )
    task = place.period.tasks.get()
    assert (task.title, task.competences.count()) == ("Stand tenu", 2)


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"title": " "}, "quelques mots"),
        ({"title": "é" * 201}, "200 caractères"),
        ({"kind": "vol"}, "nature"),
        ({"network": "pyramide"}, "réseau"),
        ({"done_on": timezone.localdate() + timedelta(days=1000)}, "période va du"),
        ({"details": "é" * 5001}, "5000"),
    ],
)
def test_it_refuses_a_task_in_a_french_sentence(place, change, word):
    values = {"title": "Prospection"} | change
    with pytest.raises(DomainError, match=word):
        save_task(period=place.period, uuid=uuid4(), by=place.cast.aicha, **values)
    assert not place.period.tasks.exists()


def test_only_the_apprentice_writes_tasks_and_only_before_signing(place):
    for user in (place.cast.chantal, place.cast.bruno, place.cast.denis, place.cast.gaelle):
        with pytest.raises(NotAllowed):
            save_task(period=place.period, uuid=uuid4(), title="x", by=user)
    write_period(
        period=place.period, field="apprentice_text", text="J'ai vendu.", by=place.cast.aicha
    )
    sign_period(period=place.period, role="apprentice", by=place.cast.aicha, strokes=strokes())
    with pytest.raises(DomainError, match="signée"):
        save_task(period=place.period, uuid=uuid4(), title="x", by=place.cast.aicha)
    with pytest.raises(DomainError, match="signée"):
        joined(place, picture())


def test_it_makes_a_photo_of_twelve_megapixels_smaller_and_forgets_where_it_was_taken(place):
    exif = Image.Exif()
    exif[0x010F] = "Téléphone"
    exif.get_ifd(0x8825)[2] = (48.0, 51.0, 24.0)  # GPS
    proof = joined(place, picture(4000, 3000, exif=exif), name="C:\\photos\\stand.JPG")
    with proof.file.open() as opened, Image.open(opened) as kept:
        assert max(kept.size) == LONGEST_SIDE
        assert not kept.getexif()
    assert proof.name == "stand.JPG"
    assert proof.sha256 != proof.original_sha256
    assert proof.size < 1_500_000


@pytest.mark.parametrize(
    ("data", "name", "word"),
    [
        (b"MZ\x90\x00" + b"\x00" * 500, "photo.jpg", "ni un PDF ni une photo"),
        (b"<html><script>alert(1)</script>", "photo.png", "ni un PDF ni une photo"),
        (b"\xff\xd8\xff\xe0" + b"\x00" * 50, "photo.jpg", "ni un PDF ni une photo"),
        (b"%PDF-1.7\n garbage", "plan.pdf", "PDF"),
        (b"", "vide.jpg", "vide"),
        (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + b"\x00" * 90, "IMG_1.HEIC", "HEIC"),
    ],
    ids=["renamed program", "page", "broken picture", "broken pdf", "empty", "heic"],
)
def test_it_judges_a_file_by_its_content(place, data, name, word):
    with pytest.raises(DomainError, match=word):
        joined(place, data, name=name)
    assert not Proof.objects.exists()


def test_it_refuses_what_is_too_big_without_reading_it(place, signed_in):
    class Endless:
        def read(self, *_):
            raise AssertionError("read")

    with pytest.raises(DomainError, match="200 Mo"):
        add_proof(
            period=place.period,
            file=Endless(),  # type: ignore[arg-type]
            name="film.jpg",
            size=200 * 1024 * 1024,
            by=place.cast.aicha,
        )
    client = signed_in(place.cast.aicha)
    url = reverse("livret:proof_add", args=[place.period.uuid])
    big = SimpleUploadedFile("film.jpg", b"0" * (LARGEST_PHOTO + 100_000))
    answer = client.post(url, {"file": big}, headers={"Accept": "application/json"})
    assert answer.status_code == 422
    assert "pas plus de 25\u00a0Mo" in answer.json()["message"]
    big.seek(0)
    assert client.post(url, {"file": big}).status_code == 422


def test_it_keeps_the_same_picture_once_and_a_removed_one_in_the_record(place):
    data = picture()
    uuid = uuid4()
    proof = joined(place, data, uuid=uuid)
    assert joined(place, data, uuid=uuid) == proof  # sent twice by the phone
    with pytest.raises(DomainError, match="déjà joint"):
        joined(place, data)
    remove_proof(proof=proof, by=place.cast.aicha)
    assert Proof.objects.get().removed_at
    assert LivretPeriod.objects.get(pk=place.period.pk).kept_proofs == []


def test_a_proof_is_read_by_its_people_only(place, signed_in):
    proof = joined(place, picture())
    url = reverse("livret:proof_file", args=[proof.uuid])
    for name, status in (
        ("aicha", 200), ("chantal", 200), ("bruno", 200), ("elise", 200), ("denis", 404), ("gaelle", 404),
    ):  # fmt: skip
        answer = signed_in(getattr(place.cast, name)).get(url)
        assert answer.status_code == status, name
        if status == 200:
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert b"".join(answer.streaming_content)[:2] == b"\xff\xd8"


def test_the_page_keeps_what_was_typed_when_a_task_is_refused(place, signed_in):
    client = signed_in(place.cast.aicha)
    url = reverse("livret:task_save", args=[place.period.uuid])
    data = {"title": "Prospection", "details": "Long récit", "done_on": "1999-01-01"}
    answer = client.post(url, data)
    assert answer.status_code == 422
    assert "Long récit" in answer.content.decode()
    assert client.post(url, data | {"done_on": ""}).status_code == 302
    answer = client.post(url, data, headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json()["field"]) == (422, "done_on")
