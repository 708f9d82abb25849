"""Another, smaller BTS, from data alone: it loads, shows and computes with no line of code of its own."""

from datetime import date
from pathlib import Path

import pytest
from django.urls import reverse

from programmes import selectors
from programmes.calendar_rules import minimum_hours_between
from programmes.models import CfaProgramme, Referentiel
from programmes.tests.test_load_programmes import load

SECOND = Path(__file__).parent / "data" / "second"
pytestmark = pytest.mark.django_db


def test_it_loads_beside_ndrc_and_again_without_a_change():
    assert load(SECOND).count(" : nouveau") == 2
    assert load(SECOND).count(" : inchangé") == 2
    row = Referentiel.objects.get(rncp="RNCP99001")
    assert [(e.code, e.coefficient) for e in row.epreuves.all()] == [("A1", 2), ("A2", 4)]


def test_it_computes_forms_grid_and_minimum_hours():
    load(SECOND)
    programme = CfaProgramme.objects.select_related("referentiel").get()
    ccf = selectors.ccf_epreuves(programme.referentiel, "habilite")
    assert [e.code for e in ccf] == ["A2"]
    assert [line.title for line in selectors.grid_lines(ccf[0])] == ["Écouter", "Orienter"]
    hours = minimum_hours_between(
        date(2026, 9, 1),
        date(2027, 2, 28),
        hours_per_year=programme.referentiel.hours_per_year,
        cycle_months=programme.referentiel.cycle_months,
    )
    assert hours == 300


def test_its_pages_show(cast, signed_in):
    load(SECOND)
    programme = CfaProgramme.objects.get()
    programme.cfa = cast.cfa
    programme.save()
    client = signed_in(cast.elise)
    page = client.get(reverse("programmes:programme_detail", args=[programme.uuid]))
    assert "A3" in page.content.decode()
    page = client.get(
        reverse("programmes:referentiel_detail", args=[programme.referentiel.uuid])
    ).content.decode()
    assert "RNCP99001" in page
    assert "Qualité de l&#x27;écoute" in page
    assert "NDRC" not in page.split("<main")[1].split("</main>")[0]
