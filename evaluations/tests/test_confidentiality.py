"""No mark, level nor appreciation of a CCF reaches the apprentice, the company or another CFA.

exam-rules 3.1 (AN2025): the grid is for the commission alone; the mark is a proposal to the jury.
"""

import re
import uuid
from datetime import date, time
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.core import mail
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from accounts.history import record
from documents.enums import DocumentState, JobState
from documents.models import Document
from evaluations import actions
from evaluations.ccf import planning
from evaluations.ccf.jury_file import request_jury_file
from evaluations.marks import actions as marks
from evaluations.marks import issuing
from evaluations.models import CcfEvaluation, ExamRegistration, ExamSession, ExamUnit
from evaluations.received import keep_file
from evaluations.samples import small_pdf

from . import recipes

pytestmark = pytest.mark.once
WORDS = "ZÉBULON-PERSPICACE"
MARK = "17,5"
SHOWN = re.compile(r"(?<![\d.])17[.,]5(?!\d)")
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def secret(world):
    evaluation = actions.start_evaluation(
        enrolment=world.enrolment, epreuve=world.e4, by=world.bruno
    )
    recipes.fill(evaluation, world.bruno, mark=MARK, words=WORDS)
    actions.lock_evaluation(evaluation=evaluation, by=world.bruno)
    document = actions.request_ccf_pdf(evaluation=evaluation, by=world.bruno)
    evaluation.refresh_from_db()
    return SimpleNamespace(
        evaluation=evaluation,
        document=_issued(document),
        scan=_scan(evaluation, world),
        job=_jury_job(world),
        registration=_exam_mark(world),
    )


def _paper() -> ContentFile:
    """A file whose bytes say the secret in plain text."""
    return ContentFile(small_pdf(f"{WORDS} {MARK}"))


def _issued(document):
    """As the worker would leave it, without the second that drawing a PDF takes."""
    document.file.save("fiche.pdf", _paper(), save=False)
    document.state, document.sha256 = DocumentState.ISSUED, "0" * 64
    document.issued_at = timezone.now()
    document.save()
    return document


def _scan(evaluation, world):
    return keep_file(
        file=SimpleUploadedFile("scan.pdf", _paper().read()),
        title="Fiche signée",
        by=world.bruno,
        evaluation=evaluation,
    )


def _jury_job(world):
    """The file for the jury, made."""
    job = request_jury_file(cohort=world.cohort, epreuve=world.e4, by=world.elise)
    job.file.save("jury.zip", _paper(), save=False)
    job.state, job.finished_at = JobState.DONE, timezone.now()
    job.save()
    return job


def _exam_mark(world):
    """The same mark on the way to the jury, not published."""
    session = ExamSession.objects.create(
        cfa=world.cfa, referentiel=world.e4.referentiel, year=world.cohort.programme.session
    )
    registration = ExamRegistration.objects.create(
        session=session, enrolment=world.enrolment, categorie="habilite"
    )
    ExamUnit.objects.create(
        registration=registration, unite=world.e4.unite, proposed=Decimal("17.5")
    )
    return registration


# Who is not "staff" is turned away from every page of Django's admin by one check: one person tries them all.
IN_THE_ADMIN = ("aicha",)
# Every object of the secret bears this identifier, so that each address opens the right one at once.
X = uuid.UUID("5ec7e700-0000-4000-8000-000000000001")


def bear_one_identifier(*chosen):
    """Give the same uuid to one row of each model: the chosen ones, else the first of the table."""
    of_model = {type(one): one.pk for one in chosen}
    for model in apps.get_models():
        if any(one.name == "uuid" for one in model._meta.fields):
            pk = of_model.get(model) or model.objects.values_list("pk", flat=True).first()
            if pk:
                model.objects.filter(pk=pk).update(uuid=X)
    evaluation = CcfEvaluation.objects.get(uuid=X)
    # The history follows the identifier, and is never rewritten: a line for the new one.
    data = {"field": "mark", "old": WORDS, "new": MARK}
    record(
        "ccf.mark_proposed", evaluation, cfa=evaluation.enrolment.cohort.cfa, actor=None, data=data
    )


def routes(resolver=None, prefix=""):
    """Every route of the project, whole."""
    for one in (resolver or get_resolver()).url_patterns:
        if isinstance(one, URLResolver):
            yield from routes(one, prefix + str(one.pattern))
        elif isinstance(one, URLPattern):
            yield prefix + str(one.pattern)


def addresses(pk: int, code: str):
    """Each address of the project, filled so that it opens the object of which it speaks."""
    fill = {"uuid": str(X), "int": str(pk), "code": code, "form": "csv"}
    for route in routes():
        if route.startswith("^") or "(?P" in route or "__debug__/" in route or "static/" in route:
            continue
        yield "/" + re.sub(
            r"<(?:(\w+):)?(\w+)>",
            lambda hole: fill.get(hole[2]) or fill.get(hole[1]) or str(pk),
            route,
        )


def body_of(answer) -> str:
    return (answer.getvalue() if answer.streaming else answer.content).decode("utf-8", "replace")


@pytest.fixture
def plain_refusals(monkeypatch):
    """A refusal is its own words alone: drawing hundreds of pages that say no takes most of the time."""

    def refuse(request, exception):
        return HttpResponse(str(exception), status=403)

    def lose(request, exception):
        return HttpResponse(str(exception), status=404)

    def another_method(request, template, status):
        return HttpResponse(template, status=status, headers={"Allow": "POST"})

    monkeypatch.setattr("accounts.middleware.render", another_method)
    urls = get_resolver().urlconf_module
    monkeypatch.setattr(urls, "handler403", refuse, raising=False)
    monkeypatch.setattr(urls, "handler404", lose, raising=False)


@pytest.mark.parametrize("who", ["aicha", "chantal", "denis", "gaelle", "stranger"])
def test_it_never_leaks_a_ccf_on_any_page(world, secret, who, plain_refusals, monkeypatch):
    bear_one_identifier(
        *vars(secret).values(),
        world.enrolment,
        world.enrolment.apprentice,
        world.cohort,
        world.aicha,
    )
    # Django's own client: the markup of each page is the matter of its app's tests.
    client = Client(raise_request_exception=False)
    user = getattr(world, who)
    client.force_login(user, backend=BACKEND)
    assert not user.is_staff
    # The session says the same person a thousand times; his roles are asked again at each page.
    monkeypatch.setattr("django.contrib.auth.middleware.get_user", lambda request: user)
    opened = 0
    for address in sorted(set(addresses(secret.evaluation.pk, secret.document.code))):
        if "logout" in address or "deconnexion" in address:
            continue
        if address.startswith("/admin/") and who not in IN_THE_ADMIN:
            continue
        answer = client.get(address)
        opened += answer.status_code == 200
        text = body_of(answer)
        assert WORDS not in text, f"{address} shows the appreciation to {who}"
        assert not SHOWN.search(text), f"{address} shows the mark to {who}"
    assert opened > 10


def test_it_walks_to_the_pages_that_show_the_ccf(world, secret, plain_refusals):
    """The walk above proves nothing unless the same addresses show these words to the commission."""
    bear_one_identifier(*vars(secret).values())
    client = Client(raise_request_exception=False)
    client.force_login(world.elise, backend=BACKEND)
    walked = set(addresses(secret.evaluation.pk, secret.document.code))
    told = {
        one
        for one in walked
        if re.search(r"/ccf/|/documents/|/examen/", one) and WORDS in body_of(client.get(one))
    }
    assert {
        f"/evaluations/ccf/{X}/",
        f"/evaluations/ccf/scans/{X}/",
        reverse("documents:document_download", args=[X]),
        reverse("documents:job_download", args=[X]),
    } <= told


def test_it_shows_the_ccf_to_the_commission(world, secret, signed_in):
    """The walk above would prove nothing if nobody could read these words."""
    for who in ("bruno", "elise", "farid", "auditor"):
        text = signed_in(getattr(world, who)).get(f"/evaluations/ccf/{secret.evaluation.uuid}/")
        assert WORDS in text.content.decode()


def test_it_never_makes_the_apprentice_nor_the_company_a_reader_of_the_sheet(world, secret):
    readers = set(secret.document.readers.all())
    assert world.bruno in readers
    assert readers.isdisjoint({world.aicha, world.chantal, world.denis, world.gaelle})


def test_it_keeps_the_mark_out_of_what_the_verification_page_may_say(world, secret):
    document = secret.document
    said = f"{document.title} {document.subject_label} {document.file_name}"
    assert "17" not in re.sub(
        r"\d{4}-\d{2}-\d{2}", "", said
    )  # the date of the file may hold any digits
    assert WORDS not in said


def test_no_document_nor_letter_for_the_apprentice_or_the_company_tells_the_ccf(
    world, secret, django_capture_on_commit_callbacks
):
    """Convocation, bulletin, livret scolaire and attestations hold none of it, metadata included."""
    with django_capture_on_commit_callbacks(execute=True):
        planning.plan_sitting(
            enrolment=recipes.another_enrolment(world, 1),
            epreuve=world.e4,
            code="B",
            day=date(2026, 11, 23),
            starts=time(9),
            room="12",
            trainers=[world.bruno],
            by=world.bruno,
        )
        planning.convene(cohort=world.cohort, by=world.elise)
        marks.lock_period(cohort=world.cohort, number=3, by=world.elise)
        people = world.cohort.enrolments.all()
        issuing.issue_bulletins(cohort=world.cohort, number=3, enrolments=people, by=world.elise)
        issuing.issue_livrets_scolaires(cohort=world.cohort, enrolments=people, by=world.elise)
    commission = {"fiche_ccf"}
    told = [one for one in Document.objects.all() if one.kind not in commission]
    assert {one.kind for one in told} == {"convocation_ccf", "bulletin", "livret_scolaire"}
    for one in told:
        text = f"{one.title} {one.file_name} {one.subject_label} {one.context}"
        assert WORDS not in text, one.kind
        assert not SHOWN.search(text), one.kind
    for letter in mail.outbox:
        assert WORDS not in letter.body
        assert not SHOWN.search(letter.body)
    for who in ("aicha", "chantal", "denis", "gaelle", "stranger"):
        seen = Document.objects.visible_to(getattr(world, who)).filter(kind__in=commission)
        assert not seen.exists(), who
