"""A file of marks as the services of an académie send it."""

from html import unescape

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

LINES = (
    "Académie;Versailles\r\n\r\n"
    'N° candidat;Nom de famille;Prénom(s);Note E1;U2\r\n="0001";BENALI;Aïcha;12,50;DI\r\n'
)


def test_it_is_read_as_it_comes_and_says_the_lines_that_the_spreadsheet_shows(exam_world, signed_in):  # fmt: skip
    file = SimpleUploadedFile("notes.csv", LINES.encode("cp1252"))
    url = reverse("evaluations:exam_marks_paste", args=[exam_world.session.uuid, "proposed"])
    page = signed_in(exam_world.elise).post(url, {"file": file, "first": ""}).content.decode()
    assert "1 note reconnue, 1 refusée" in page
    assert '<td class="num">4</td>' in page
    assert "se demande à l'inscription" in unescape(page)
