"""The entry of a contract in steps: left, resumed, checked live, shared by two people."""

import pytest
from django.urls import reverse

from apprentices import actions
from apprentices.models import Contract, ContractDraft, PayPeriod

from .recipes import a_class

pytestmark = pytest.mark.django_db

STEPS = {
    "employeur": {"maitre_competence": "experience", "maitre_attested": "on"},
    "contrat": {
        "kind": "apprentissage",
        "contract_type": "11",
        "mode": "1",
        "social_regime": "2",
        "concluded_on": "2026-01-05",
        "starts_on": "2026-01-05",
        "ends_on": "2027-06-30",
        "weekly_hours": "35",
        "derogation": "21",
        "tripartite_on": "2026-01-05",
    },
    "formation": {"training_starts_on": "2026-01-05", "training_hours": "1015"},
    "remuneration": {},
}


@pytest.fixture
def group(cast):
    group = a_class(cast)
    Contract.objects.all().delete()
    return group


@pytest.fixture
def fill(group, signed_in, cast):
    """Post one step as someone; `fill("contrat", ends_on=...)`."""

    def fill(step, client=None, **changes):
        client = client or signed_in(cast.elise)
        draft = ContractDraft.objects.first()
        data = {"version": str(draft.version if draft else 0), **STEPS[step], **changes}
        if step == "employeur":
            data.setdefault("maitre", str(group.maitre.pk))
        url = reverse("apprentices:contract_step", args=[group.enrolment.uuid, step])
        headers = {"HX-Request": "true"} if "check" in changes else {}
        return client.post(url, data, headers=headers)

    return fill


def finish(client, group):
    draft = ContractDraft.objects.get()
    url = reverse("apprentices:contract_finish", args=[group.enrolment.uuid])
    return client.post(url, {"version": draft.version, "documents_held": "on"})


def test_a_contract_is_typed_in_steps_left_resumed_and_finished(cast, group, fill, signed_in):
    client = signed_in(cast.elise)
    assert fill("employeur").status_code == 302
    assert fill("contrat", later="1").url == reverse(
        "apprentices:apprentice_detail", args=[group.apprentice.uuid]
    )
    # Another person of the team takes it up where it was left.
    other = signed_in(cast.farid)
    resumed = other.get(reverse("apprentices:contract_create", args=[group.enrolment.uuid]))
    assert resumed.url.endswith("/contrat/contrat/")
    assert 'value="2027-06-30"' in other.get(resumed.url).content.decode()
    assert fill("formation", other).status_code == 302
    assert fill("remuneration", other, rate_20260105="60,5").status_code == 302
    review = client.get(
        reverse("apprentices:contract_step", args=[group.enrolment.uuid, "relecture"])
    ).content.decode()
    assert "RNCP38368" in review
    assert "60,5 % du SMIC" in review
    answer = finish(client, group)
    contract = Contract.objects.get()
    assert answer.url == reverse("apprentices:contract_detail", args=[contract.uuid])
    assert contract.state == "complete"
    assert contract.documents_held
    assert [str(p.rate) for p in contract.pay_periods.all()] == ["60.50", "51.00", "61.00"]
    assert not ContractDraft.objects.exists()


def test_it_shows_the_findings_live_keeps_the_draft_and_makes_no_contract(group, fill):
    fill("employeur")
    fill("contrat")
    answer = fill("formation", training_hours="900", check="1")
    html = answer.content.decode()
    assert answer.status_code == 200
    assert "<html" not in html
    assert "Ce qui bloque" in html
    assert "V18" in html
    assert "L6211-2" in html
    assert not Contract.objects.exists()
    assert ContractDraft.objects.get().values["training_hours"] == "900"


@pytest.mark.parametrize(
    ("step", "changes", "said"),
    [
        ("contrat", {"ends_on": "demain"}, "date valide"),
        ("contrat", {"ends_on": "2999-01-01"}, "2099"),
        ("contrat", {"weekly_hours": "60"}, "48"),
        ("contrat", {"kind": "stage"}, "stage"),
        ("employeur", {"maitre": "0"}, "choix"),
        ("formation", {"training_hours": "-1"}, "supérieure"),
    ],
)
def test_it_answers_a_wrong_step_with_a_sentence_and_keeps_it(group, fill, step, changes, said):
    answer = fill(step, **changes)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    name, value = next(iter(changes.items()))
    assert ContractDraft.objects.get().values[name] == value


@pytest.mark.parametrize("rate", ["abc", "-3", "NaN", "1e9", "Infinity", "١", "42"])
def test_it_refuses_a_nonsensical_or_low_rate_at_the_end(cast, group, fill, signed_in, rate):
    for step in ("employeur", "contrat", "formation"):
        fill(step)
    fill("remuneration", rate_20260105=rate)
    answer = finish(signed_in(cast.elise), group)
    assert answer.status_code == 422
    assert not Contract.objects.exists()
    assert not PayPeriod.objects.exists()
    assert ContractDraft.objects.get().values["rate_20260105"] == rate


def test_it_names_what_is_missing_when_the_entry_is_finished_too_early(
    cast, group, fill, signed_in
):
    fill("employeur")
    fill("contrat", derogation="", tripartite_on="")
    answer = finish(signed_in(cast.elise), group)
    assert answer.status_code == 422
    assert "V09" in answer.content.decode()
    assert not Contract.objects.exists()


def test_two_people_on_the_same_contract_lose_nothing(cast, group, fill, signed_in):
    elise, farid = signed_in(cast.elise), signed_in(cast.farid)
    fill("contrat", elise)
    read = ContractDraft.objects.get().version
    fill("contrat", farid, ends_on="2027-07-31")
    late = fill("contrat", elise, version=str(read), ends_on="2027-06-15")
    html = late.content.decode()
    assert late.status_code == 409
    assert f"{cast.farid} a enregistré ce contrat" in html
    assert "Fin du contrat : 31/07/2027" in html
    assert 'value="2027-06-15"' in html
    assert ContractDraft.objects.get().values["ends_on"] == "2027-07-31"
    # She keeps hers, knowingly.
    now = str(ContractDraft.objects.get().version)
    kept = fill("contrat", elise, version=str(read), override=now, ends_on="2027-06-15")
    assert kept.status_code == 302
    assert ContractDraft.objects.get().values["ends_on"] == "2027-06-15"
    # Saving other fields, or the same values, from an old page is no conflict.
    assert fill("formation", farid, version=str(read)).status_code == 302


def test_two_corrections_of_a_complete_contract_do_not_overwrite_each_other(cast, group, fill):
    for step in STEPS:
        fill(step)
    contract = actions.finish_draft(draft=ContractDraft.objects.get(), by=cast.elise)
    draft = actions.correct_contract(contract=contract, by=cast.elise)
    actions.update_contract(contract=contract, by=cast.farid, retirement_fund="Caisse A")
    with pytest.raises(actions.ContractChanged, match="brouillon est gardé"):
        actions.finish_draft(draft=draft, by=cast.elise)
    assert ContractDraft.objects.filter(pk=draft.pk).exists()
    contract.refresh_from_db()
    assert contract.retirement_fund == "Caisse A"


def test_a_complete_contract_is_corrected_in_place(cast, group, fill, signed_in):
    for step in STEPS:
        fill(step)
    client = signed_in(cast.elise)
    finish(client, group)
    contract = Contract.objects.get()
    edit = client.post(reverse("apprentices:contract_edit", args=[contract.uuid]))
    assert edit.url.endswith("/employeur/")
    fill("formation", training_hours="1020")
    assert finish(client, group).status_code == 302
    contract.refresh_from_db()
    assert str(contract.training_hours) == "1020.00"
    assert contract.version == 2


def test_an_unknown_employer_is_created_on_the_way(cast, group, signed_in):
    client = signed_in(cast.elise)
    url = reverse("apprentices:contract_employer", args=[group.enrolment.uuid])
    data = {
        "siret": "356 000 000 00048",
        "name": "Nouvelle entreprise",
        "first_name": "Denis",
        "last_name": "Escande",
        "born_on": "1975-02-03",
    }
    wrong = client.post(url, {**data, "siret": "12345678200011"})
    assert wrong.status_code == 422
    assert "SIRET" in wrong.content.decode()
    assert not ContractDraft.objects.exists()
    assert client.post(url, data).status_code == 302
    draft = ContractDraft.objects.get()
    maitre = group.company.maitres.model.objects.get(last_name="Escande")
    assert draft.values["maitre"] == str(maitre.pk)
    assert maitre.company.name == "Nouvelle entreprise"


def test_an_entry_can_be_given_up(cast, group, fill, signed_in):
    fill("employeur")
    url = reverse("apprentices:contract_drop", args=[group.enrolment.uuid])
    assert signed_in(cast.gaelle).post(url).status_code == 404
    assert signed_in(cast.bruno).post(url).status_code == 403
    assert signed_in(cast.elise).post(url).status_code == 302
    assert not ContractDraft.objects.exists()
