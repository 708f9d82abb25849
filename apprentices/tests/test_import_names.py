"""Lists as people keep them: a whole name in one cell, a company without its SIRET."""

import pytest

from accounts.errors import DomainError
from apprentices import actions
from apprentices.imports.names import first_then_last, last_then_first, whole_name
from apprentices.models import Company

from .recipes import a_class
from .test_imports import checked, csv, run_now


@pytest.mark.parametrize(
    ("read", "text", "last", "first"),
    [
        (whole_name, "Chantal DUMAS", "DUMAS", "Chantal"),
        (whole_name, "Mme DUMAS Chantal", "DUMAS", "Chantal"),
        (whole_name, "M. Jean-Noël de LA TOUR", "de LA TOUR", "Jean-Noël"),
        (whole_name, "LE GOFF Yann", "LE GOFF", "Yann"),
        (whole_name, "Le GOFF Yann", "Le GOFF", "Yann"),
        (whole_name, "Marie-Claude DUPONT-MARTIN", "DUPONT-MARTIN", "Marie-Claude"),
        (whole_name, "DUPONT MARTIN Anne Lise", "DUPONT MARTIN", "Anne Lise"),
        (whole_name, "Jean d'ARMOR", "d'ARMOR", "Jean"),
        (whole_name, "Dumas, Chantal", "Dumas", "Chantal"),
        (first_then_last, "Chantal Dumas", "Dumas", "Chantal"),
        (first_then_last, "Marie Anne de La Tour", "de La Tour", "Marie Anne"),
        (first_then_last, "DUMAS Chantal", "DUMAS", "Chantal"),
        (last_then_first, "Dumas Chantal", "Dumas", "Chantal"),
        (last_then_first, "Monsieur Le Goff Yann", "Le Goff", "Yann"),
        (last_then_first, "CHANTAL DUMAS", "CHANTAL", "DUMAS"),
    ],
)
def test_it_splits_a_whole_name_that_can_be_told(read, text, last, first):
    assert read(text) == (last, first)


@pytest.mark.parametrize(
    ("read", "text"),
    [
        (whole_name, "Chantal Dumas"),
        (whole_name, "CHANTAL DUMAS"),
        (whole_name, "DUMAS"),
        (whole_name, "DUPONT épouse MARTIN Claire"),
        (whole_name, "Ben STONE"),
        (whole_name, "Anne DUMAS Lise"),
        (first_then_last, "Anne Lise Dumas"),
        (last_then_first, "Dumas Petit Chantal"),
        (last_then_first, "Dumas"),
    ],
)
def test_it_never_guesses_which_word_is_the_family_name(read, text):
    with pytest.raises(ValueError, match="en capitales"):
        read(text)


@pytest.mark.django_db
def test_it_reads_the_companies_of_a_messy_list_without_their_siret(
    cast, django_capture_on_commit_callbacks
):
    header = "Apprenti;Date de naissance;Entreprise;Ville;Maître d'apprentissage"
    lines = (
        "BENALI Aïcha;20/11/2005;Maison Lumen;Conflans;Chantal DUMAS",
        "ROCHE Léo;01/02/2006;MAISON LUMEN;Conflans;Mme DUMAS Chantal",
        "PETIT Zoé;03/02/2006;Atelier Ancre;Poissy;Omar Ziani",
    )
    batch = checked(cast, "entreprises", csv(header, *lines))
    assert [(p["row"], p["column"]) for p in batch.problems] == [(4, "Maître d'apprentissage")]
    # One answer for the whole column settles it.
    mapping = batch.mapping | {"Maître d'apprentissage": "maitre_name_first_last"}
    batch = run_now(actions.check_import(batch=batch, mapping=mapping, by=cast.elise))
    assert (batch.problems, batch.created) == ([], 2)
    with django_capture_on_commit_callbacks(execute=True):
        run_now(actions.write_import(batch=batch, by=cast.elise))
    lumen = Company.objects.get(name="Maison Lumen")
    assert (lumen.siret, str(lumen.maitres.get())) == ("", "Chantal DUMAS")
    # Its SIRET, when it comes, completes it; then it is known by it.
    second = csv("Entreprise;SIRET", "Maison Lumen;12345678200010", "maison lumen;")
    again = checked(cast, "entreprises", second)
    assert (again.problems, again.created, again.updated) == ([], 0, 2)
    people = checked(cast, "apprentis", csv(header, *lines))
    assert (people.problems, people.created) == ([], 3)


@pytest.mark.django_db
def test_a_company_without_siret_employs_nobody_yet(cast):
    group = a_class(cast)
    Company.objects.filter(pk=group.company.pk).update(siret="")
    with pytest.raises(DomainError, match="SIRET"):
        actions.update_contract(contract=group.contract, by=cast.elise)
    actions.update_company(company=group.company, siret="12345678200010", by=cast.elise)
    with pytest.raises(DomainError, match="ne se retire pas"):
        actions.update_company(company=group.company, siret="", by=cast.elise)
