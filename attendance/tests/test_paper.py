"""The paper door: printed, scanned, transcribed, never mistaken for another."""

from datetime import date
from hashlib import sha256
from io import BytesIO

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from accounts.errors import DomainError
from attendance import samples
from attendance.actions import (
    attach_scan,
    countersign_sheet,
    open_for_paper,
    open_sheet,
    request_paper,
    sign_presence,
    transcribe_paper,
    update_doors,
)
from attendance.actions.paper import Line
from attendance.models import AttendanceSheet, PaperScan, Signature
from attendance.pdf import sheet_context
from attendance.proofs.verify import verify

from .recipes import at, own_phone, received, trainer_device

WEDNESDAY = date(2026, 1, 7)


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    with time_machine.travel(at(9, 30, WEDNESDAY), tick=False):
        yield


def photo(colour: str = "white") -> bytes:
    out = BytesIO()
    Image.new("RGB", (40, 30), colour).save(out, "JPEG")
    return out.getvalue()


@pytest.fixture
def session(school):
    school.lea = school.enrol("Léa", "Petit")
    return school.session()


@pytest.fixture
def sheet(school, session):
    return open_for_paper(session=session, by=school.cast.bruno)


@pytest.fixture
def scan(school, sheet):
    return attach_scan(
        sheet=sheet, by=school.cast.bruno, **received(photo()), file_name="../a b.jpg"
    )


def url(name, *args):
    return reverse(f"attendance:{name}", args=args)


def test_two_days_later_a_sheet_opens_for_paper_only(school, session):
    with pytest.raises(DomainError, match="est passée"):
        open_sheet(session=session, by=school.cast.bruno)
    sheet = open_for_paper(session=session, by=school.cast.bruno)
    with pytest.raises(DomainError, match="est passée"):
        sign_presence(presence=school.presence(sheet), **own_phone(school.cast.aicha))


def test_what_the_paper_says_is_written_down_and_marked_as_paper(school, sheet, scan):
    lea = sheet.presences.get(enrolment=school.lea)
    lines = [
        Line(school.presence(sheet), "signed", arrived_at=at(9, 20).time()),
        Line(lea, "excused", reason="Arrêt de travail"),
    ]
    transcribe_paper(scan=scan, lines=lines, by=school.cast.bruno)
    presence = school.presence(sheet)
    assert (presence.state, presence.minutes_missed) == ("late", 20)
    assert (presence.signature.kind, presence.signature.scan) == ("paper", scan)
    assert presence.signature.signed_at == at(9)
    countersign_sheet(sheet=sheet, **trainer_device(school.cast.bruno))
    assert verify(school.cast.cfa).problems == []
    context = sheet_context(AttendanceSheet.objects.get(pk=sheet.pk))
    assert "Feuille papier, transcrite" in context["rows"][0]["signature"]["method"]


def test_nothing_is_written_when_a_line_is_refused(school, sheet, scan):
    lea = sheet.presences.get(enrolment=school.lea)
    lines = [Line(school.presence(sheet), "signed"), Line(lea, "excused", reason="")]
    with pytest.raises(DomainError, match="motif") as caught:
        transcribe_paper(scan=scan, lines=lines, by=school.cast.bruno)
    assert [field for field, _ in caught.value.refusals] == [f"reason_{lea.uuid.hex}"]
    assert not Signature.objects.exists()
    with pytest.raises(DomainError, match="au moins une ligne"):
        transcribe_paper(scan=scan, lines=[Line(lea, "")], by=school.cast.bruno)


BAD_FILES = {
    "empty": b"",
    "text named pdf": b"hello",
    "html": b"<html><script>alert(1)</script></html>",
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>',
    "broken pdf": b"%PDF-1.7 nothing else",
    "broken photo": photo()[:50],
    "iphone photo": b"\0\0\0\x18ftypheic" + b"0" * 60,
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_file_that_is_not_what_its_name_says_is_refused(school, sheet, name, signed_in):
    file = SimpleUploadedFile("feuille.pdf", BAD_FILES[name], content_type="application/pdf")
    presence = school.presence(sheet)
    answer = signed_in(school.cast.bruno).post(
        url("paper_transcribe", sheet.session.uuid),
        {"scan": file, f"mark_{presence.uuid.hex}": "signed"},
    )
    assert answer.status_code == 422
    assert not PaperScan.objects.exists()
    assert not Signature.objects.exists()


def test_the_trainer_prints_joins_and_transcribes(school, session, signed_in):
    client = signed_in(school.cast.bruno)
    address = url("paper_transcribe", session.uuid)
    assert "Ouvrir pour transcrire" in client.get(address).content.decode()
    assert "Léa Petit" in client.post(address, follow=True).content.decode()
    sheet = session.sheet
    presence = school.presence(sheet)
    file = SimpleUploadedFile("photo.jpg", photo(), content_type="image/jpeg")
    form = {f"mark_{presence.uuid.hex}": "signed"}
    assert client.post(address, form).status_code == 422
    refused = client.post(address, {f"mark_{presence.uuid.hex}": "excused", "scan": file})
    assert "Motif d&#x27;absence, Aïcha Benali</a> : Indiquez" in refused.content.decode()
    known = refused.context["form"]["known"].value()  # the file is not asked for again
    done = client.post(address, form | {"known": known}, follow=True).content.decode()
    assert "1 ligne transcrite" in done
    again = client.get(address).content.decode()
    assert "Aïcha Benali</legend>" not in again
    scan = PaperScan.objects.get()
    got = client.get(url("scan_download", scan.uuid))
    assert got["Content-Type"] == "image/jpeg"
    assert sha256(b"".join(got.streaming_content)).hexdigest() == scan.sha256
    assert got["X-Content-Type-Options"] == "nosniff"
    assert "attachment" in got["Content-Disposition"]
    for person, code in (("gaelle", 404), ("aicha", 403)):
        client = signed_in(getattr(school.cast, person))
        assert client.get(url("scan_download", scan.uuid)).status_code == code
    proof = signed_in(school.cast.elise).get(
        url("signature_proof", presence_signature(school, sheet))
    )
    assert "Signée sur papier" in proof.content.decode()


def presence_signature(school, sheet):
    return school.presence(sheet).signature.uuid


def test_a_photo_taken_sideways_is_kept_upright_and_says_nothing_of_its_place(school, sheet):
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by the phone
    exif.get_ifd(0x8825)[1] = "N"
    out = BytesIO()
    Image.new("RGB", (3000, 2000)).save(out, "JPEG", exif=exif)
    scan = attach_scan(sheet=sheet, by=school.cast.bruno, **received(out.getvalue()), file_name="p")
    with scan.file.open() as file:
        kept = Image.open(file)
        assert kept.width < kept.height <= 1600
        assert not kept.getexif()


def test_the_same_scan_sent_twice_is_kept_once(school, sheet, scan):
    again = attach_scan(sheet=sheet, by=school.cast.elise, **received(photo()), file_name="b.jpg")
    assert again == scan
    assert "/" not in scan.file_name
    assert str(scan.uuid) in scan.file.name


def test_the_paper_to_print_holds_the_names_the_boxes_and_the_qr(school, session, signed_in):
    document = request_paper(session=session, by=school.cast.bruno)
    assert document.context["names"] == ["BENALI Aïcha", "PETIT Léa"]
    assert url("paper_transcribe", session.uuid) in document.context["address"]
    assert document.context.keys() >= samples.paper().keys()
    assert signed_in(school.cast.bruno).post(url("paper_print", session.uuid)).status_code == 302


def test_a_centre_without_paper_refuses_it(school, session, sheet):
    update_doors(cfa=school.cast.cfa, by=school.cast.elise, paper=False)
    for deed in (
        lambda: request_paper(session=session, by=school.cast.bruno),
        lambda: open_for_paper(session=session, by=school.cast.bruno),
        lambda: attach_scan(sheet=sheet, by=school.cast.bruno, **received(photo()), file_name="a"),
    ):
        with pytest.raises(DomainError, match="n'utilise pas"):
            deed()
