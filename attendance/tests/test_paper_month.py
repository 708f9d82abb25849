"""The paper half-days of a month: one grid, one scan, the same deeds as one by one."""

from datetime import date, time

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from attendance.actions import countersign_sheet
from attendance.models import AttendanceSheet, PaperScan, Presence
from attendance.proofs.verify import verify
from attendance.rules.paper import Cell, read_cell

from .files import pdf
from .recipes import MONDAY, at, trainer_device

TUESDAY = date(2026, 1, 6)


@pytest.mark.parametrize(
    ("typed", "cell"),
    [
        ("", None),
        (" p ", Cell("signed")),
        ("A", Cell("absent")),
        ("j", Cell("excused")),
        ("9h20", Cell("signed", time(9, 20))),
        ("9:20", Cell("signed", time(9, 20))),
        ("920", Cell("signed", time(9, 20))),
        ("14 h", Cell("signed", time(14))),
    ],
)
def test_a_letter_or_a_time_says_what_the_paper_says(typed, cell):
    assert read_cell(typed) == cell


@pytest.mark.parametrize("typed", ["x", "PA", "25h", "9h75", "R"])
def test_anything_else_is_refused_with_what_to_write(typed):
    with pytest.raises(ValueError, match="Écrivez P, A, J"):
        read_cell(typed)


@pytest.fixture
def grid(school, settings, tmp_path, signed_in):
    """Two half-days of the day before, two apprentices; the page of Élise and how it is sent."""
    settings.MEDIA_ROOT = tmp_path
    lea = school.enrol("Léa", "Petit", starts_on=MONDAY)
    sessions = [school.session(), school.session(half="apres_midi"), school.session(TUESDAY)]
    client = signed_in(school.cast.elise)
    address = reverse("attendance:paper_month", args=[school.cohort.uuid])

    def send(*cells, **more):
        names = [f"seance_{s.pk}_{e.pk}" for s in sessions[:2] for e in (school.enrolment, lea)]
        data = dict(zip(names, cells, strict=True))
        scan = SimpleUploadedFile("janvier.pdf", pdf(), content_type="application/pdf")
        return client.post(address, {"scan": scan} | data | more, follow=True)

    with time_machine.travel(at(9, 30, TUESDAY), tick=False):
        yield client, address, send


def test_one_sending_transcribes_every_half_day_of_the_grid(school, grid):
    client, address, send = grid
    page = client.get(address).content.decode()
    assert "Léa Petit, lundi 5 janvier, après-midi" in page
    assert f"seance_{school.cohort.sessions.get(date=TUESDAY).pk}" not in page  # today is not past
    done = send("P", "9h20", "a", "J").content.decode()
    assert "2 demi-journées transcrites" in done
    assert "Rien à transcrire" in done
    states = Presence.objects.order_by("sheet__session__starts_at", "enrolment")
    assert [p.state for p in states] == ["present", "late", "absent", "excused"]
    assert {p.signature.method for p in states if p.signature} == {"paper"}
    scans = PaperScan.objects.all()
    assert len({scan.file.name for scan in scans}) == 1 < len(scans)
    for seed, sheet in enumerate(AttendanceSheet.objects.all(), 1):
        countersign_sheet(sheet=sheet, **trainer_device(school.cast.bruno, seed))
    assert verify(school.cast.cfa).problems == []


@pytest.mark.parametrize(
    ("cells", "more", "said"),
    [
        (("P", "", "", ""), {}, "Il manque Léa Petit"),
        (("P", "P", "P", "18h"), {}, "L&#x27;arrivée est après la fin"),
        (("P", "P", "P", "oui"), {}, "Écrivez P, A, J"),
        (("P", "P", "P", "P"), {"scan": ""}, "obligatoire"),
        (("", "", "", ""), {}, "au moins une demi-journée"),
    ],
)
def test_a_mistake_in_one_cell_writes_nothing_and_keeps_what_was_typed(grid, cells, more, said):
    _, _, send = grid
    answer = send(*cells, **more)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert f'value="{cells[0]}"' in answer.content.decode() or not cells[0]
    assert not AttendanceSheet.objects.exists()
    assert not PaperScan.objects.exists()


def test_a_half_day_left_empty_is_not_touched(grid):
    _, _, send = grid
    assert "1 demi-journée transcrite" in send("P", "A", "", "").content.decode()
    assert AttendanceSheet.objects.get().session.half == "matin"
