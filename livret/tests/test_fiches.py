"""Coverage of E4 and E6, fiches born from tasks, signals, sealing."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.errors import DomainError, NotAllowed
from evaluations.models import DossierPiece
from livret import actions
from livret.following import coverage_of, radars_of, signals_of, timeline_of
from livret.pdf import livret_context
from livret.rules import coverage, signals

from .recipes import fill_and_sign

TODAY = timezone.localdate()


def done(place, kind="negociation", network=""):
    return actions.save_task(
        period=place.period,
        uuid=uuid4(),
        title="Rendez-vous mené seule",
        details="Deux ventes.",
        kind=kind,
        network=network,
        by=place.cast.aicha,
    )


def test_it_says_what_is_missing_at_the_sixth_month_and_suggests_missions():
    start = date(2026, 1, 5)
    missions = [coverage.Mission(1, "Vente", "negociation", "", frozenset({7}))]
    early = coverage.cover(missions, set(), [7, 8], starts_on=start, today=date(2026, 7, 4))
    late = coverage.cover(
        missions, {("E4", "negociation")}, [7, 8], starts_on=start, today=date(2026, 7, 5)
    )
    assert (early.is_warning, late.is_warning) == (False, True)
    assert late.untouched == [8]
    assert [c.need.code for c in late.missing] == [
        "evenement",
        "distributeurs",
        "partenaires",
        "vente_directe",
    ]
    assert all(c.need.suggestions for c in late.missing if not c.missions)


def test_a_fiche_is_born_from_the_tasks_and_ready_when_each_rubric_is_filled(
    place, signed_in, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    with pytest.raises(DomainError, match="Aucune mission"):
        actions.create_fiche(
            livret=place.livret, epreuve="E4", need="negociation", by=place.cast.aicha
        )
    done(place)
    with pytest.raises(NotAllowed):
        actions.create_fiche(
            livret=place.livret, epreuve="E4", need="negociation", by=place.cast.bruno
        )
    fiche = actions.create_fiche(
        livret=place.livret, epreuve="E4", need="negociation", by=place.cast.aicha
    )
    assert "Deux ventes." in fiche.rubrics["deroulement"]
    assert "Atelier Lumen" in fiche.rubrics["cadre"]
    client = signed_in(place.cast.aicha)
    url = reverse("livret:fiche_detail", args=[fiche.uuid])
    assert client.post(url, {"title": "Vente", "ready": "1"}).status_code == 422
    with pytest.raises(DomainError, match="prête"):
        actions.deposit_fiche(fiche=fiche, by=place.cast.aicha)
    full = {key: "Texte." for key, _label, _help in coverage.RUBRICS["E4"]}
    assert client.post(url, {"title": "Vente", "ready": "1", **full}).status_code == 302
    cfa = place.cast.cfa
    cfa.ccf_habilite_on = TODAY - timedelta(days=900)
    cfa.save()
    assert client.post(reverse("livret:fiche_deposit", args=[fiche.uuid])).status_code == 302
    piece = DossierPiece.objects.get()
    assert (piece.kind, piece.number, piece.version) == ("fiche", 1, 1)
    assert signed_in(place.cast.denis).get(url).status_code == 404
    found = coverage_of([place.enrolment], TODAY)[place.enrolment.pk]
    assert found.needs[0].has_fiche


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"absent_recently": 3}, "absences"),
        ({"last_written_on": date(2026, 1, 10)}, "silence"),
        ({"link_unanswered_since": date(2026, 5, 1)}, "lien"),
        ({"opinion_is_difficult": True}, "avis"),
        ({"average": Decimal("7.50")}, "notes"),
        ({"late_commitments": 2}, "engagements"),
        ({"has_contract": False}, "contrat"),
    ],
)
def test_each_signal_says_its_fact(change, code):
    today = date(2026, 6, 1)
    quiet = {"starts_on": date(2026, 1, 5), "today": today, "last_written_on": date(2026, 5, 20)}
    assert signals.signals(signals.Facts(**quiet)) == []
    found = signals.signals(signals.Facts(**quiet | change))
    assert [signal.code for signal in found] == [code]
    assert found[0].sentence.endswith(".")
    assert found[0].deed


def test_a_link_without_answer_is_told_since_the_first_one_while_a_signature_is_awaited(place):
    def told():
        return signals_of([place.enrolment], TODAY)[place.enrolment.pk]

    for days in (20, 3):  # sent, then sent again by a reminder
        link = actions.invite_maitre(maitre=place.maitre, by=place.cast.elise)
        sent = timezone.now() - timedelta(days=days)
        type(link).objects.filter(pk=link.pk).update(created_at=sent)
    assert "lien" not in [signal.code for signal in told()]  # nothing waits for the maître
    actions.save_section(
        period=place.period, values={"apprentice_text": "Vu."}, by=place.cast.aicha
    )
    actions.sign_period(
        period=place.period, role="apprentice", by=place.cast.aicha, typed_name="Aïcha Benali"
    )
    assert [s.sentence for s in told() if s.code == "lien"] == [
        "Le lien envoyé au maître d'apprentissage reste sans réponse depuis 20 jours."
    ]
    type(link).objects.filter(pk=link.pk).update(confirmed_at=timezone.now())
    assert "lien" not in [signal.code for signal in told()]


def test_a_correction_stays_in_the_timeline_with_its_note_and_its_day(place):
    fill_and_sign(place, place.period)
    actions.ask_correction(period=place.period, note="Il manque le salon.", by=place.cast.bruno)
    found = [moment for moment in timeline_of(place.livret) if "correction" in moment.what]
    assert [(moment.at, moment.who) for moment in found] == [(TODAY, "Bruno Caron")]
    assert "Il manque le salon." in found[0].what


def test_the_team_follows_and_the_others_do_not(place, signed_in):
    fill_and_sign(place, place.period)
    actions.propose_reviews(livret=place.livret, by=place.cast.bruno)
    assert timeline_of(place.livret)
    assert radars_of(place.livret) == []
    assert signals_of([place.enrolment], TODAY)[place.enrolment.pk] is not None
    url = reverse("livret:livret_follow", args=[place.livret.uuid])
    for name, status in (("elise", 200), ("bruno", 200), ("aicha", 403), ("gaelle", 404)):
        assert signed_in(getattr(place.cast, name)).get(url).status_code == status


def test_a_sealed_livret_is_read_and_no_longer_written(place):
    with pytest.raises(DomainError, match="écrivez pourquoi"):
        actions.seal_livret(livret=place.livret, by=place.cast.elise)
    with pytest.raises(NotAllowed):
        actions.seal_livret(livret=place.livret, by=place.cast.bruno, early_reason="Rupture")
    livret = actions.seal_livret(livret=place.livret, by=place.cast.elise, early_reason="Rupture")
    assert livret.sealed_document.kind == "livret"
    with pytest.raises(DomainError, match="scellé"):
        actions.write_period(
            period=place.period, field="apprentice_text", text="x", by=place.cast.aicha
        )
    with pytest.raises(DomainError, match="scellé"):
        actions.propose_reviews(livret=livret, by=place.cast.bruno)


def test_the_livret_holds_each_part_of_the_list_of_contents(place):
    done(place, network="distributeurs")
    fill_and_sign(place, place.period)
    actions.propose_reviews(livret=place.livret, by=place.cast.bruno)
    context = livret_context(place.enrolment)
    for part in (
        "person",
        "contract",
        "calendar",
        "blocs",
        "plan",
        "periods",
        "reviews",
        "fiches",
        "attendance",
        "results",
        "proofs",
        "scans",
    ):
        assert part in context
    period = context["periods"][0]
    assert period["tasks"][0]["title"] == "Rendez-vous mené seule"
    assert {review["name"].split()[0] for review in context["reviews"]} == {
        "Positionnement",
        "Visite",
        "Bilan",
    }


def test_a_fiche_saves_itself_as_it_is_typed_and_never_writes_over_another_window(place, signed_in):
    done(place)
    fiche = actions.create_fiche(
        livret=place.livret, epreuve="E4", need="negociation", by=place.cast.aicha
    )
    url = reverse("livret:fiche_detail", args=[fiche.uuid])

    def type_in(name, value, seen, user=place.cast.aicha):
        data = {"name": name, "value": value, "seen": seen}
        return signed_in(user).post(url, data, headers={"Accept": "application/json"})

    assert type_in("analyse", "Quarante clients.", "").json()["state"] == "saved"
    again = type_in("analyse", "Autre fenêtre.", "")
    assert (again.status_code, again.json()["current"]) == (409, "Quarante clients.")
    assert type_in("title", " ", fiche.title).status_code == 422
    assert type_in("inconnue", "x", "").status_code == 422
    assert type_in("analyse", "x", "Quarante clients.", place.cast.bruno).status_code == 403
    fiche.refresh_from_db()
    assert fiche.rubrics["analyse"] == "Quarante clients."
