"""The photo of the card: what is taken, what is refused, where it shows."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from accounts.errors import DomainError, NotAllowed
from accounts.models import Event
from apprentices import actions
from apprentices.certificates import card
from apprentices.photos import HEIGHT, WIDTH, read_photo

from .recipes import a_class


def picture(width=800, height=600, kind="JPEG", **options) -> bytes:
    out = BytesIO()
    Image.new("RGB", (width, height), "teal").save(out, kind, **options)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_it_cuts_the_photo_to_the_card_and_forgets_where_it_was_taken(kind):
    exif = Image.Exif()
    exif[0x010F] = "Appareil de Chantal"
    found = Image.open(BytesIO(read_photo(picture(kind=kind, exif=exif.tobytes()))))
    assert (found.format, found.size, dict(found.getexif())) == ("JPEG", (WIDTH, HEIGHT), {})


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "Choisissez"),
        (b"<svg onload=alert(1)>", "lisible"),
        (picture()[:400], "lisible"),
        (picture(100, 100), "petite"),
        (picture(kind="GIF"), "lisible"),
        (b"\xff\xd8" + b"0" * (8 * 1024 * 1024), "8 Mo"),
    ],
)
def test_it_refuses_what_is_no_photo(data, said):
    with pytest.raises(DomainError, match=said):
        read_photo(data)


@pytest.mark.django_db
def test_the_photo_goes_on_the_card_and_can_be_erased(
    cast, signed_in, django_capture_on_commit_callbacks
):
    group = a_class(cast)
    person = group.apprentice
    assert card(group.enrolment)["photo"] == ""
    client = signed_in(cast.elise)
    url = reverse("apprentices:photo_edit", args=[person.uuid])
    image = reverse("apprentices:photo_file", args=[person.uuid])
    assert client.get(image).status_code == 404
    wrong = client.post(url, {"photo": SimpleUploadedFile("a.jpg", b"non")})
    assert wrong.status_code == 422
    for _ in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            client.post(url, {"photo": SimpleUploadedFile("a.jpg", picture())})
    person.refresh_from_db()
    assert person.photo.storage.listdir(str(person.photo.name).rsplit("/", 1)[0])[1] == [
        str(person.photo.name).rsplit("/", 1)[1]
    ]
    assert client.get(url).status_code == 200
    assert client.get(image)["Content-Type"] == "image/jpeg"
    group.enrolment.refresh_from_db()
    assert card(group.enrolment)["photo"].startswith("data:image/jpeg;base64,")
    with django_capture_on_commit_callbacks(execute=True):
        client.post(url, {"effacer": "1"})
    assert client.get(image).status_code == 404
    assert [e.verb for e in Event.objects.filter(verb__startswith="photo")].count(
        "photo.saved"
    ) == 2
    with pytest.raises(NotAllowed):
        actions.record_photo(apprentice=person, content=picture(), by=cast.gaelle)
