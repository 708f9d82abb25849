"""After the signature: rupture handled to the end, funding, amendments, reminders, documents."""

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from accounts.errors import DomainError
from accounts.models import Cfa, Event
from apprentices import actions
from apprentices.actions.contract_states import follow_calendar
from apprentices.actions.funding import billing_of
from apprentices.contract_deadlines import open_deadlines
from apprentices.enums import RuptureMotive, RuptureOutcome
from apprentices.invoices import billed_contracts, invoices_due, unpaid_invoices
from apprentices.models import Contract, CreditNote, Instalment, Reminder, Rupture
from apprentices.rows import status_of
from apprentices.selectors import transmission_of

from .recipes import STARTS_ON, amend, fill

pytestmark = pytest.mark.django_db


def break_it(cast, contract, **changes):
    known = {
        "motive": RuptureMotive.AGREEMENT,
        "written_on": date(2026, 6, 1),
        "effective_on": date(2026, 6, 1),
    }
    return actions.break_contract(contract=contract, by=cast.elise, **{**known, **changes})


def test_a_broken_contract_is_handled_to_the_end_on_the_pages(cast, running, signed_in):
    client = signed_in(cast.elise)
    url = reverse("apprentices:contract_break", args=[running.uuid])
    assert client.get(url).status_code == 200
    data = {"motive": "ESSAI_EMPLOYEUR", "written_on": "2026-06-01", "effective_on": "2026-06-01"}
    panel = client.post(url, {**data, "check": "1"}, headers={"HX-Request": "true"})
    assert "R02" in panel.content.decode()
    assert "01/12/2026" in panel.content.decode()
    refused = client.post(url, data)
    assert refused.status_code == 422
    assert not Rupture.objects.exists()
    done = client.post(url, {**data, "motive": "ACCORD"})
    page = reverse("apprentices:rupture_detail", args=[running.uuid])
    assert done.url == page
    running.refresh_from_db()
    assert (running.state, running.broken_on) == ("broken", date(2026, 6, 1))
    assert "01/12/2026" in client.get(page).content.decode()
    close = reverse("apprentices:rupture_close", args=[running.uuid])
    early = client.post(close, {"issue-outcome": "abandon", "issue-on": "2026-06-02"})
    assert early.status_code == 422
    assert "L6353-10" in early.content.decode()
    follow = reverse("apprentices:rupture_follow", args=[running.uuid])
    assert client.post(follow, {"opco_told_on": "2026-05-01"}).status_code == 422
    assert client.post(follow, {"opco_told_on": "2026-06-02"}).status_code == 302
    assert (
        client.post(close, {"issue-outcome": "abandon", "issue-on": "2026-06-20"}).status_code
        == 302
    )
    rupture = Rupture.objects.get()
    assert rupture.outcome == RuptureOutcome.LEFT
    assert rupture.contract.enrolment.ends_on == date(2026, 6, 20)
    assert "Traitée" in client.get(page).content.decode()


def test_a_rupture_is_refused_on_a_draft_or_twice(cast, group, running):
    break_it(cast, running)
    with pytest.raises(DomainError, match="seul un contrat signé"):
        break_it(cast, running)


def test_a_rupture_after_a_notice_takes_effect_on_its_day_and_not_before(
    cast, running, monkeypatch, signed_in
):
    """The contract runs until then: its maître keeps it, its employer is told of absences."""
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 6, 1, 12, tzinfo=UTC))
    last = date(2026, 6, 11)
    rupture = break_it(cast, running, effective_on=last)
    running.refresh_from_db()
    assert (running.state, running.broken_on) == ("running", last)
    assert status_of(running) == ("todo", f"Rupture le {last:%d/%m/%Y}")
    page = signed_in(cast.elise).get(reverse("apprentices:rupture_detail", args=[running.uuid]))
    assert "Le contrat court jusqu" in page.content.decode()
    assert "stagiaire" not in page.content.decode()
    with pytest.raises(DomainError, match="déjà enregistrée"):
        break_it(cast, running)
    with pytest.raises(DomainError, match="non terminé"):
        amend(cast, running, "36")
    follow_calendar(last - timedelta(days=1))
    running.refresh_from_db()
    assert running.state == "running"
    assert [follow_calendar(last), follow_calendar(last)] == [1, 0]
    running.refresh_from_db()
    assert running.state == "broken"
    assert Event.objects.about(running).filter(verb="contract.broken").count() == 1
    assert actions.cancel_rupture(rupture=rupture, reason="Accord retiré", by=cast.elise)
    running.refresh_from_db()
    assert (running.state, running.broken_on) == ("running", None)


def test_a_rupture_recorded_by_mistake_is_taken_back_with_a_reason(cast, running, signed_in):
    break_it(cast, running)
    client = signed_in(cast.elise)
    url = reverse("apprentices:rupture_cancel", args=[running.uuid])
    assert client.post(url, {"annulation-reason": " "}).status_code == 422
    assert client.post(url, {"annulation-reason": "Mauvais contrat"}).status_code == 302
    running.refresh_from_db()
    assert (running.state, running.broken_on) == ("running", None)
    assert not Rupture.objects.exists()
    break_it(cast, running)
    rupture = Rupture.objects.get()
    rupture = actions.follow_rupture(rupture=rupture, by=cast.elise, opco_told_on=date(2026, 6, 2))
    actions.close_rupture(
        rupture=rupture, outcome=RuptureOutcome.LEFT, on=date(2026, 6, 20), by=cast.elise
    )
    assert client.post(url, {"annulation-reason": "Trop tard"}).status_code == 422


@pytest.mark.parametrize("kind", ["acte_rupture", "information_opco"])
def test_the_documents_of_a_rupture_say_who_signs_and_no_medical_reason(cast, running, kind):
    rupture = break_it(cast, running, motive=RuptureMotive.UNFIT, details="Dos")
    actions.request_rupture_document(rupture=rupture, kind=kind, by=cast.elise)
    context = running.documents.get().document.context
    assert context["rupture"]["follow_until"] == "1er décembre 2026"
    assert context["rupture"]["signatories"] == ["L'employeur"]
    assert "Dos" not in str(context)
    with pytest.raises(DomainError):
        actions.request_rupture_document(rupture=rupture, kind="autre", by=cast.elise)


def test_the_six_months_are_not_over_before_their_day(cast, running):
    rupture = break_it(cast, running)
    rupture = actions.follow_rupture(rupture=rupture, by=cast.elise, opco_told_on=date(2026, 6, 2))
    with pytest.raises(DomainError, match="01/12/2026"):
        actions.close_rupture(
            rupture=rupture, outcome=RuptureOutcome.SIX_MONTHS, on=date(2026, 9, 1), by=cast.elise
        )
    with pytest.raises(DomainError, match="nouveau contrat"):
        actions.close_rupture(
            rupture=rupture, outcome=RuptureOutcome.NEW_CONTRACT, on=date(2026, 9, 1), by=cast.elise
        )


def test_a_new_contract_may_follow_the_rupture(cast, group, running):
    break_it(cast, running)
    actions.create_contract(
        enrolment=group.enrolment,
        company=group.company,
        maitre=group.maitre,
        concluded_on=date(2026, 7, 6),
        starts_on=date(2026, 7, 6),
        ends_on=date(2027, 6, 30),
        training_hours=Decimal(700),
        contract_type="23",
        previous_number="078202601000001",
        duration_reason="rupture",
        maitre_competence="diplome",
        maitre_attested=True,
        by=cast.elise,
    )
    assert Contract.objects.count() == 2


def test_the_opco_pays_what_is_agreed_and_nothing_before(cast, group, running, signed_in):
    client = signed_in(cast.elise)
    url = reverse("apprentices:contract_funding", args=[running.uuid])
    given = re.compile(r'name="npec_annual"[^>]* value=')
    assert not given.search(client.get(url).content.decode())  # nothing is proposed in its place
    assert client.post(url, {"npec_annual": "", "source": "x"}).status_code == 422
    assert client.post(url, {"npec_annual": "7956", "source": "Accord"}).status_code == 302
    html = client.get(url).content.decode()
    assert "11\u202f814,12" in html
    assert given.search(html)
    invoice = reverse("apprentices:instalment_invoice", args=[running.uuid])
    client.post(invoice, {"code": "1-1", "number": "F1", "on": "2026-01-20"})
    client.post(invoice, {"code": "1-1", "number": "F2", "on": "2026-01-20"})
    line = Instalment.objects.get()
    assert (line.invoice_number, str(line.amount)) == ("F1", "3182.40")
    client.post(reverse("apprentices:instalment_pay", args=[line.uuid]), {"on": "2026-02-20"})
    line.refresh_from_db()
    assert line.state == "paid"
    # Broken after 106 days: 2 310,51 € are due, 3 182,40 € are paid.
    break_it(cast, running, written_on=date(2026, 4, 20), effective_on=date(2026, 4, 20))
    html = client.get(url).content.decode()
    assert "Avoir à établir" in html
    assert "871,89" in html
    assert "rien à facturer" in html
    client.post(invoice, {"code": "1-2", "number": "F3", "on": "2026-04-30"})
    assert Instalment.objects.count() == 1
    credit = reverse("apprentices:funding_credit", args=[running.uuid])
    client.post(credit, {"year": "1", "number": "", "on": "2026-04-30"})
    assert not CreditNote.objects.exists()
    for _ in range(2):
        client.post(credit, {"year": "1", "number": "A1", "on": "2026-04-30"})
    assert str(CreditNote.objects.get().amount) == "871.89"
    assert "Avoir à établir" not in client.get(url).content.decode()


def test_an_amount_corrected_after_an_invoice_moves_the_difference(cast, running):
    known = {"contract": running, "source": "Accord", "by": cast.elise}
    funding = actions.set_funding(npec_annual=Decimal(7956), **known)
    actions.invoice_instalment(
        funding=funding, code="1-1", number="F1", on=STARTS_ON, by=cast.elise
    )
    funding = actions.set_funding(npec_annual=Decimal(8000), **known)
    amounts = [line.amount for line in billing_of(funding).lines if line.year == 1]
    assert [str(a) for a in amounts] == ["3182.40", "2400.00", "1600.00", "817.60"]


def test_what_may_be_invoiced_is_listed_from_its_day_to_its_invoice(
    cast, running, signed_in, django_assert_num_queries
):
    funding = actions.set_funding(
        contract=running, npec_annual=Decimal(7956), source="Accord", by=cast.elise
    )

    def due(day: date) -> list[str]:
        return [row.line.code for row in invoices_due(billed_contracts(cast.cfa, day), day)]

    def owed(cfa: Cfa, day: date):
        return unpaid_invoices(billed_contracts(cfa, day), day)

    assert due(STARTS_ON - timedelta(days=1)) == []
    assert due(date(2026, 7, 5)) == ["1-1", "1-2"]
    actions.invoice_instalment(
        funding=funding, code="1-1", number="F1", on=STARTS_ON, by=cast.elise
    )
    with django_assert_num_queries(3):
        assert due(date(2026, 7, 5)) == ["1-2"]
    assert due(date(2028, 1, 1)) == []  # four months after the end nothing is paid any more
    (unpaid,) = owed(cast.cfa, STARTS_ON + timedelta(days=31))
    assert (str(unpaid.awaited), unpaid.days, unpaid.is_late) == ("3182.40", 31, True)
    assert not owed(cast.cfa, STARTS_ON + timedelta(days=30))[0].is_late
    assert not owed(cast.other_cfa, STARTS_ON)
    client, page = signed_in(cast.elise), reverse("apprentices:invoice_list")
    assert client.get(page).status_code == 200
    assert "F1" in client.get(page, {"vue": "impayees"}).content.decode()
    pay = reverse("apprentices:instalment_pay", args=[unpaid.instalment.uuid])
    noted = client.post(pay, {"on": timezone.localdate().isoformat(), "vue": "impayees"})
    assert noted.url == page + "?vue=impayees"
    assert not owed(cast.cfa, timezone.localdate())


def test_no_agreement_no_invoice(cast, group):
    contract = actions.sign_contract(contract=group.contract, by=cast.elise)
    funding = actions.set_funding(
        contract=contract, npec_annual=Decimal(7956), source="Simulation", by=cast.elise
    )
    with pytest.raises(DomainError, match="accord"):
        actions.invoice_instalment(
            funding=funding, code="1-1", number="F1", on=STARTS_ON, by=cast.elise
        )


def test_the_night_never_writes_twice_for_the_same_deadline(
    cast, group, django_capture_on_commit_callbacks
):
    actions.sign_contract(contract=group.contract, by=cast.elise)
    with django_capture_on_commit_callbacks(execute=True):
        first = actions.remind_deadlines(date(2026, 1, 6))
    assert first == 1
    sent = len(mail.outbox)
    assert sent >= 1
    assert "V20" in mail.outbox[0].body
    assert "10/01/2026" in mail.outbox[0].body
    with django_capture_on_commit_callbacks(execute=True):
        for day in (6, 7, 8):
            assert actions.remind_deadlines(date(2026, 1, day)) == 0
    assert len(mail.outbox) == sent
    assert Reminder.objects.count() == 1


@pytest.mark.parametrize(
    ("today", "state", "sent", "expected"),
    [
        pytest.param(date(2026, 1, 5), "signed", None, "", id="V20 the first day"),
        pytest.param(date(2026, 1, 8), "signed", None, "", id="V20 the third working day after"),
        pytest.param(date(2026, 1, 9), "signed", None, "urgent", id="V20 the fourth: alert"),
        pytest.param(date(2026, 1, 10), "signed", None, "urgent", id="V20 the fifth, a Saturday"),
        pytest.param(date(2026, 1, 12), "signed", None, "urgent late", id="V20 a day too late"),
        pytest.param(date(2026, 1, 12), "transmitted", date(2026, 1, 10), "done", id="V20 sent in time"),
        pytest.param(date(2026, 1, 20), "transmitted", date(2026, 1, 12), "done late", id="V20 sent late"),
        pytest.param(date(2026, 1, 12), "refused", date(2026, 1, 10), "urgent", id="V20 refused: to send again"),
    ],
)  # fmt: skip
def test_the_transmission_is_urgent_then_late_v20(today, state, sent, expected):
    contract = Contract(
        concluded_on=STARTS_ON, starts_on=STARTS_ON, state=state, transmitted_on=sent
    )
    found = transmission_of(contract, today)
    words = {"done": found.is_done, "urgent": found.is_urgent, "late": found.is_late}
    assert [word for word, holds in words.items() if holds] == expected.split()


def test_the_deadlines_follow_the_contract(cast, running):
    def codes(day):
        return [row.deadline.code.value for row in open_deadlines(day, cfa=cast.cfa)]

    assert codes(date(2026, 2, 25)) == ["visite"]
    assert codes(date(2026, 4, 15)) == ["essai_45"]
    break_it(cast, running)
    assert codes(date(2026, 6, 2)) == ["opco_rupture"]
    assert codes(date(2026, 11, 15)) == ["opco_rupture", "suite_rupture"]
    rupture = Rupture.objects.get()
    actions.follow_rupture(rupture=rupture, by=cast.elise, opco_told_on=date(2026, 6, 2))
    assert codes(date(2026, 11, 15)) == ["suite_rupture"]
    assert open_deadlines(date(2026, 11, 15), cfa=cast.other_cfa) == []


def test_the_list_and_the_deadlines_cost_the_same_at_two_sizes(
    cast, group, running, signed_in, django_assert_max_num_queries
):
    client = signed_in(cast.elise)

    def queries(name):
        with django_assert_max_num_queries(30) as captured:
            assert client.get(reverse(f"apprentices:{name}")).status_code == 200
        return len(captured)

    def sign(enrolments):
        Contract.objects.bulk_create(
            Contract(
                enrolment=enrolment,
                company=group.company,
                maitre=group.maitre,
                state="signed",
                signed_at=timezone.now(),
                concluded_on=STARTS_ON,
                starts_on=STARTS_ON + timedelta(days=number),
                ends_on=date(2027, 6, 30),
                training_hours=1015,
            )
            for number, enrolment in enumerate(enrolments)
        )

    first, *others = fill(cast, group.cohort, 11)
    sign([first])
    names = ("contract_list", "deadline_list")
    for name in names:
        queries(name)
    few = [queries(name) for name in names]
    sign(others)
    assert [queries(name) for name in names] == few


@pytest.mark.parametrize("kind", ["fiche_contrat", "convention_formation", "convention_tripartite"])
def test_the_documents_of_a_contract_say_what_it_says(cast, running, signed_in, kind):
    client = signed_in(cast.elise)
    url = reverse("apprentices:contract_document", args=[running.uuid, kind])
    assert client.post(url).status_code == 302
    context = running.documents.get().document.context
    assert context["contract"]["hours"] == "1015"
    titles = [section["title"] for section in context["sections"]]
    assert titles[:4] == [
        "Mode contractuel",
        "L'employeur",
        "L'apprenti",
        "Le maître d'apprentissage",
    ]
    assert "€" not in str(context["funding"])
