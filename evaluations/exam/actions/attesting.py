"""The attestation of units and blocs acquired."""

from django.db import transaction

from accounts.errors import DomainError, NotAllowed
from accounts.history import record
from accounts.models import User
from documents.actions import request_document
from documents.enums import DocumentState
from documents.freezing import freeze
from documents.models import Document
from evaluations.models import ExamRegistration

from .. import pdf
from ..enums import Decision
from ..permissions import can_prepare_exam


@transaction.atomic
def request_attestation(*, registration: ExamRegistration, by: User) -> Document:
    """Ask for the CFA's attestation: the same while nothing changed, a new one after a correction."""
    registration = (
        ExamRegistration.objects.select_for_update(of=("self",))
        .select_related(
            "session__cfa", "session__referentiel", "enrolment__apprentice__user", "document"
        )
        .get(pk=registration.pk)
    )
    session, person = registration.session, registration.enrolment.apprentice
    if not can_prepare_exam(by, session.cfa):
        raise NotAllowed("Seule l'équipe du CFA émet cette attestation.")
    if not session.is_published:
        raise DomainError(
            "Les résultats ne sont pas publiés : l'attestation se fait après la délibération du jury."
        )
    if Decision(registration.decision).is_passed:
        raise DomainError(
            f"{person} est {person.agree('admis(e)')} : le diplôme vaut pour toutes les unités. "
            "L'attestation d'unités est celle d'un candidat qui ne l'a pas obtenu (D643-15)."
        )
    if registration.decision == Decision.CONTROLE:
        raise DomainError(
            f"{person} passe encore les épreuves de contrôle : l'attestation se fait après la seconde "
            "délibération."
        )
    if not registration.verdict.get("acquired"):
        raise DomainError(f"{person} n'a acquis aucune unité à cette session.")
    context, last = pdf.attestation_context(registration), registration.document
    if last and last.context == freeze(context, session.cfa):
        return last
    if last and last.state in (DocumentState.QUEUED, DocumentState.FAILED):
        raise DomainError(
            "L'attestation précédente n'est pas encore émise : attendez-la, ou relancez-la si elle a "
            "échoué."
        )
    document = request_document(
        kind=pdf.KIND,
        cfa=session.cfa,
        title=f"Attestation d'unités acquises, session {session.year}",
        subject_label=str(person),
        context=context,
        file_name=person.file_name("unites-acquises"),
        by=by,
        readers=[person.user] if person.user else [],
        replaces=last,
    )
    registration.document = document
    registration.save(update_fields=["document"])
    data = {"document": str(document.uuid)}
    record("exam.attestation_requested", registration, cfa=session.cfa, actor=by, data=data)
    return document
