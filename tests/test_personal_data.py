"""What is held about a person is handed over whole (RGPD art. 15 and 20), and what is secret is not."""

import io
import json
import re
import zipfile
from datetime import UTC, date, datetime, timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.db.models import EmailField, Model
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.history import record
from accounts.models import Cfa, Event, User
from accounts.personal import Of, Person, apart, areas
from apprentices.actions import add_contact, forget_contacts, record_nir
from apprentices.codes import code_list
from apprentices.models import Apprentice, Contract, HeldDiploma, MaitreApprentissage
from apprentices.personal_jobs import address_of
from documents.jobs import forget_files, run_to_end
from documents.models import Job
from evaluations.ccf import publication
from evaluations.models import ExamRegistration, ExamSession
from evaluations.tests import recipes
from evaluations.tests.test_ccf_organisation import deposit, locked
from livret.models import Digest as LivretDigest
from ndrc_cfa import urls

NIR = "2060478498123"
HELD = {"accounts.User", "accounts.Membership", "accounts.Invitation", "attendance.Signature"}


@pytest.fixture
def world(db, settings, tmp_path, monkeypatch):
    noon = datetime(2026, 11, 21, 12, tzinfo=UTC)  # a day of the cohort's second year
    monkeypatch.setattr(timezone, "now", lambda: noon)
    settings.MEDIA_ROOT = tmp_path
    return recipes.world()


def near_a_person() -> set[str]:
    """The models of ours that lead to an apprentice, and those of the account and the signatures."""
    ours = [model for model in apps.get_models() if model._meta.app_label in urls.MOUNTS]
    found: set[type[Model]] = {Apprentice}
    while new := {
        model
        for model in set(ours) - found
        if any(one.concrete and one.related_model in found for one in model._meta.get_fields())
    }:
        found |= new
    return {model._meta.label for model in found} | HELD


def told_of(person: Person) -> set[str]:
    """The models of ours that the archive of such a person tells."""
    sections = [one for area in areas(person.of) for one in area.sections(person)]
    models = {one.objects.model._meta for one in sections}
    return {meta.label for meta in models if meta.app_label in urls.MOUNTS}


def test_each_model_that_leads_to_an_apprentice_is_handed_over_or_set_apart(db):
    told = told_of(Person(Cfa(pk=0), User(pk=0), apprentice=Apprentice(pk=0)))
    left = apart(Of.APPRENTICE)
    assert near_a_person() - told == set(left) & near_a_person()
    assert not told & set(left)
    assert all(left.values())
    with_data = {label.partition(".")[0] for label in told | set(left)}
    assert with_data == {label.partition(".")[0] for label in near_a_person()} | {"documents"}


def near_somebody_at_work() -> set[str]:
    """The models of ours that lead to an account or to a maître, or that keep an address to write to.

    By the rule of the house, who did something is a field `..._by`: that deed is in the history, which
    the archive tells.
    """
    found = set()
    for model in apps.get_models():
        for one in model._meta.get_fields():
            leads = one.concrete and one.related_model in (User, MaitreApprentissage)
            if (leads and not one.name.endswith("_by")) or isinstance(one, EmailField):
                found.add(model._meta.label)
    ours = {label for label in found if apps.get_model(label)._meta.app_label in urls.MOUNTS}
    return ours | {"accounts.User", "apprentices.MaitreApprentissage"}


def test_each_model_that_leads_to_somebody_at_work_is_handed_over_or_set_apart(db):
    told = told_of(Person(Cfa(pk=0), User(pk=0), maitres=(MaitreApprentissage(pk=0),)))
    left = apart(Of.WORK)
    assert near_somebody_at_work() - told == set(left)
    assert not told & set(left)
    assert all(left.values())


def opened(job: Job) -> dict[str, bytes]:
    assert run_to_end(job).state == "done"
    with job.file.open("rb") as file, zipfile.ZipFile(io.BytesIO(file.read())) as bundle:
        return {name: bundle.read(name) for name in bundle.namelist()}


def ask(client, row) -> Job:
    before = set(Job.objects.values_list("pk", flat=True))
    answer = client.post(address_of(row))
    job = Job.objects.exclude(pk__in=before).get()
    assert answer.url == reverse("documents:job_detail", args=[job.uuid])
    return job


def test_the_archive_holds_the_person_and_no_mark_before_its_publication(world, signed_in):
    apprentice = world.enrolment.apprentice
    record_nir(apprentice=apprentice, number=NIR, by=world.elise)
    deposit(world)
    session = ExamSession.objects.create(
        cfa=world.cfa, referentiel=world.cohort.programme.referentiel, year=2026
    )
    registration = ExamRegistration.objects.create(
        session=session, enrolment=world.enrolment, categorie="habilite", average="11.37"
    )
    record("exam.mark_saved", registration, cfa=world.cfa, actor=world.elise, reason="Lue 11.37")
    locked(world)  # 17,5, and an appreciation that says ZÉBULON
    for who in (world.aicha, world.elise):
        job = ask(signed_in(who), apprentice)
        found = opened(job)
        whole = b"".join(found.values()).decode(errors="replace")
        assert "ZÉBULON" not in whole
        # A mark, not the seconds of an hour: 10:42:17.512.
        assert not re.search(r"(?<![:\d])(17\.5|11\.37)", whole)
        assert NIR in found["identite.json"].decode()
        assert any(name.startswith("fichiers/examen/") for name in found)
        page = found["LISEZMOI.html"].decode()
        for area in areas(Of.APPRENTICE):
            assert f'<h2 id="{area.code}">' in page
            assert json.loads(found[f"{area.code}.json"])["domaine"] == area.title
        assert Event.objects.about(apprentice).filter(actor=who, verb="nir.read").count() == 1
        taken = Event.objects.about(apprentice).get(actor=who, verb="personal_data.taken")
        assert taken.data == {"job": str(job.uuid)}
    world.cohort.programme.session = 2026
    world.cohort.programme.save()
    publication.publish_deliberation(
        cfa=world.cfa, session=2026, published_on=date(2026, 7, 3), by=world.farid
    )
    ExamSession.objects.update(
        deliberated_on=date(2026, 7, 3), published_at=timezone.now(), published_by=world.farid
    )
    exam = opened(ask(signed_in(world.aicha), apprentice))["examen.json"].decode()
    assert re.search(r"(?<![:\d])17\.5", exam)
    assert re.search(r"(?<![:\d])11\.37", exam)
    assert "ZÉBULON" in exam
    assert "Satisfaisant" not in exam  # the grid, never
    # Whoever no longer runs the CFA no longer has the file asked for then.
    download = reverse("documents:job_download", args=[job.uuid])
    answer = signed_in(world.elise).get(download)
    assert b"".join(answer.streaming_content).startswith(b"PK")
    world.elise.memberships.update(role=Role.TRAINER)
    assert signed_in(world.elise).get(download).status_code == 404
    world.elise.memberships.update(role=Role.STAFF)
    # It erases itself after a week, and says where to ask again.
    assert forget_files(now=timezone.now() + timedelta(days=6)) == 0
    assert forget_files(now=timezone.now() + timedelta(days=8)) == 3
    address = reverse("documents:job_detail", args=[job.uuid])
    again = signed_in(world.elise).get(address).context["again"]
    assert signed_in(world.elise).get(again).status_code == 200
    assert signed_in(world.aicha).get(address).status_code == 404  # Élise's
    assert signed_in(world.aicha).get(again).status_code == 200


@pytest.mark.parametrize("who", ["farid", "bruno", "chantal", "auditor", "gaelle"])
def test_the_team_and_the_person_alone_take_an_archive(world, signed_in, who):
    user = getattr(world, who)
    client = signed_in(user)
    apprentice, maitre = world.enrolment.apprentice, MaitreApprentissage.objects.get()
    elise, own = world.elise.memberships.get(), user.memberships.get()
    contact = add_contact(company=maitre.company, last_name="Service paie", by=world.elise)
    allowed = {
        "farid": {apprentice, maitre, elise, contact},
        "bruno": set(),
        "chantal": {maitre},
        "auditor": set(),
        "gaelle": set(),
    }[who]
    for row in (apprentice, maitre, elise, contact, own):
        code = 302 if row in allowed | {own} else 404
        assert client.post(address_of(row)).status_code == code
    other = recipes.another_enrolment(world, 1).apprentice
    assert signed_in(world.aicha).get(address_of(other)).status_code == 404
    assert client.get(reverse("apprentices:personal_data", args=["x", own.uuid])).status_code == 404


def test_a_contact_of_a_company_has_an_archive_and_is_forgotten_in_time(world, signed_in):
    company = MaitreApprentissage.objects.get().company
    contact = add_contact(
        company=company, last_name="Vasseur", email="rh@entreprise.example", by=world.elise
    )
    client = signed_in(world.elise)
    assert (
        address_of(contact)
        in client.get(reverse("apprentices:company_detail", args=[company.uuid])).content.decode()
    )
    job = ask(client, contact)
    found = opened(job)
    assert "rh@entreprise.example" in found["metier.json"].decode()
    assert b"Benali" not in b"".join(found.values())
    today = timezone.localdate()
    last = Contract.objects.latest("ends_on").ends_on
    assert forget_contacts(today) == 0
    day = max(last, today) + timedelta(days=5 * 366)
    assert forget_contacts(last + timedelta(days=5 * 365 - 2)) == 0
    assert forget_contacts(day) == 1
    maitre = company.maitres.get()
    assert (maitre.email, maitre.phone, maitre.born_on) == ("", "", None)
    assert not company.contacts.exists()
    assert Event.objects.about(company).filter(verb="contacts.forgotten").exists()
    assert forget_contacts(day) == 0
    # The job stays; the archive of a person who is gone is nobody's any more.
    assert client.get(reverse("documents:job_detail", args=[job.uuid])).status_code == 200
    assert client.get(reverse("documents:job_download", args=[job.uuid])).status_code == 404


def test_the_archive_of_somebody_at_work_says_the_task_and_nothing_of_the_apprentice(
    world, signed_in
):
    deposit(world)
    locked(world)  # 17,5, and an appreciation that says ZÉBULON
    LivretDigest.objects.create(
        cfa=world.cfa, recipient=world.chantal.email, day=date(2026, 11, 2), lines=["Aïcha Benali"]
    )
    for who in (world.bruno, world.chantal):
        row = who.memberships.get()
        assert str(row.uuid) in signed_in(who).get(reverse("accounts:profile")).content.decode()
        found = opened(ask(signed_in(who), row))
        whole = b"".join(found.values()).decode(errors="replace")
        assert str(who) in whole
        assert who.email in whole
        for secret in ("Benali", world.aicha.email, "ZÉBULON", who.password):
            assert secret not in whole
        assert not re.search(r"(?<![:\d])17[.,]5", whole)
        page = found["LISEZMOI.html"].decode()
        for area in areas(Of.WORK):
            assert f'<h2 id="{area.code}">' in page
            assert f'href="#{area.code}"' in page
        assert Event.objects.about(row).filter(actor=who, verb="personal_data.taken").exists()
    seats = json.loads(found["metier.json"])["sections"]
    assert [one["lignes"] for one in seats if one["titre"] == "Contrats suivis"] != [[]]
    sent = json.loads(found["rappels.json"])["sections"][0]["lignes"]
    assert [one["day"] for one in sent] == ["2026-11-02"]


def test_where_an_account_was_used_from_is_told_to_its_owner_alone(world, signed_in):
    session = {"session_key": "k", "ip": "192.0.2.7", "user_agent": "Navigateur d'Élise"}
    UserSession.objects.create(user=world.elise, **session)
    row = world.elise.memberships.get()
    own = opened(ask(signed_in(world.elise), row))["compte.json"].decode()
    asked = opened(ask(signed_in(world.farid), row))["compte.json"].decode()
    assert "192.0.2.7" in own
    assert "Navigateur d'Élise" in own
    assert "192.0.2.7" not in asked
    assert world.elise.email in asked


def test_the_page_says_codes_in_words(world, signed_in):
    apprentice = world.enrolment.apprentice
    apprentice.situation_n1, apprentice.sex = "2007", "F"
    apprentice.save()
    HeldDiploma.objects.create(apprentice=apprentice, code="41", title="Bac", obtained_in=2024)
    page = opened(ask(signed_in(world.aicha), apprentice))["LISEZMOI.html"].decode()
    assert "Féminin" in page
    assert f"<dd>{code_list('sifa_situation_n1').label('2007')}</dd>" in page
    assert f"<td>{code_list('diploma').label('41')}</td>" in page
    assert "<dd>2007</dd>" not in page
    assert "<td>41</td>" not in page
    anchors = set(re.findall(r'href="#([\w-]+)"', page))
    assert anchors > {"sommaire", "identite", "identite-1"}
    assert anchors <= set(re.findall(r' id="([\w-]+)"', page))
