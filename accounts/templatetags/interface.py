"""What the layout and the shared components compute for themselves."""

from typing import Any
from uuid import uuid4

from django import template
from django.forms import BaseForm
from django.http import QueryDict

from accounts.http import Request
from accounts.models import Event
from accounts.navigation import Link, links_for

register = template.Library()

# French for the deeds whose verb is a code word; the others are written in French already.
VERBS: dict[str, str] = {
    "invite_person": "Invitation envoyée",
    "accept_invitation": "Invitation acceptée",
    "cancel_invitation": "Invitation annulée",
    "add_member": "Rôle attribué",
    "change_role": "Rôle changé",
    "deactivate_member": "Accès retiré",
    "activate_member": "Accès rétabli",
    "cfa.create": "CFA créé",
    "programme.load": "Programme chargé",
    "programme.edit": "Programme modifié",
    "programme.hours": "Heures du programme modifiées",
    "programme.fix": "Constat corrigé avec la valeur officielle",
    "programme.duplicate": "Programme dupliqué",
    "programme.publish": "Programme publié",
    "programme.referentiel": "Programme passé à une autre version du référentiel",
    "programme.finding_accept": "Constat de conformité accepté",
    "programme.finding_withdraw": "Acceptation d'un constat retirée",
    "referentiel.copy": "Version du référentiel copiée",
    "referentiel.draft": "Brouillon du référentiel modifié",
    "referentiel.publish": "Version du référentiel publiée",
    "generate_sessions": "Demi-journées générées",
    "update_session": "Demi-journée modifiée",
    "move_session": "Demi-journée déplacée",
    "cancel_session": "Demi-journée annulée",
    "add_makeup": "Demi-journée de rattrapage ajoutée",
    "set_rhythm": "Rythme changé",
    "add_exception": "Exception ajoutée au calendrier",
    "remove_exception": "Exception retirée du calendrier",
    "create_room": "Salle ajoutée",
    "update_room": "Salle modifiée",
    "submit_justification": "Justification déposée",
    "accept_justification": "Justification acceptée",
    "refuse_justification": "Justification refusée",
    "settle_absence": "Absence qualifiée",
    "make_feed": "Adresse d'agenda créée",
    "revoke_feed": "Adresse d'agenda révoquée",
    "request_papers": "Documents d'assiduité demandés",
    "open_sheet": "Feuille ouverte",
    "complete_sheet": "Feuille complétée des nouveaux inscrits",
    "sign_presence": "Présence signée",
    "mark_absent": "Absence notée",
    "excuse": "Absence excusée",
    "excuse_absence": "Absence excusée",
    "late": "Retard noté",
    "note_times": "Arrivée ou départ noté",
    "expect_again": "Absence annulée : attendu de nouveau",
    "add_guest": "Apprenti d'un autre groupe ajouté",
    "queue_signature": "Signature reçue plus tard, à décider",
    "accept_queued": "Signature reçue plus tard comptée",
    "dismiss_queued": "Signature reçue plus tard écartée",
    "request_paper": "Feuille papier demandée",
    "attach_scan": "Feuille papier numérisée jointe",
    "transcribe_paper": "Feuille papier transcrite",
    "export_proofs": "Dossier de preuves demandé",
    "forget_archive": "Dossier de preuves effacé (sept jours)",
    "purge_justification": "Fichier du justificatif effacé",
    "remind_trainer": "Formateur relancé",
    "flag_sheet": "Feuille signalée à l'équipe",
    "update_doors": "Émargement réglé",
    "send_links": "Liens de signature envoyés",
    "reopen_sheet": "Feuille rouverte",
    "replace_trainer": "Formateur remplacé",
    "countersign_sheet": "Feuille contresignée et close",
    "request_sheet_pdf": "PDF de la feuille demandé",
    "ccf.started": "CCF commencé",
    "ccf.situation_saved": "Situation enregistrée",
    "ccf.level_saved": "Niveau saisi",
    "ccf.mark_proposed": "Note proposée",
    "ccf.locked": "CCF verrouillé",
    "ccf.reopened": "CCF rouvert",
    "ccf.planned": "Passage de CCF planifié",
    "ccf.convened": "Candidat convoqué au CCF",
    "ccf.absence": "Absence au CCF notée",
    "ccf.signed": "Fiche de CCF signée",
    "ccf.fiche_sujet_saved": "Fiche-sujet modifiée",
    "ccf.fiche_sujet_issued": "Fiche-sujet éditée",
    "ccf.piece_deposited": "Pièce du dossier déposée",
    "ccf.dossier_checked": "Dossier contrôlé",
    "ccf.dossier_purged": "Fichiers du dossier supprimés",
    "ccf.deadline_set": "Date de dépôt fixée",
    "jury.published": "Délibération du jury publiée",
    "assessment.opened": "Évaluation créée",
    "assessment.changed": "Évaluation modifiée",
    "assessment.deleted": "Évaluation retirée",
    "mark.saved": "Note saisie",
    "appreciation.saved": "Appréciation écrite",
    "period.locked": "Semestre verrouillé",
    "period.reopened": "Semestre rouvert",
    "livret_scolaire.saved": "Livret scolaire complété",
    "past_session.saved": "Résultat d'une session antérieure saisi",
    "ccf.pdf_requested": "Fiche du CCF demandée",
    "exam.session_opened": "Session d'examen ouverte",
    "exam.registered": "Inscrit à l'examen",
    "exam.registration_saved": "Demande d'examen enregistrée",
    "ccf.jury_file_requested": "Dossiers demandés pour le jury",
    "exam.proof_added": "Pièce justificative reçue",
    "exam.registration_confirmed": "Inscription à l'examen confirmée",
    "exam.registration_withdrawn": "Retiré de l'examen",
    "exam.mark_saved": "Note d'examen saisie",
    "exam.marks_adopted": "Notes proposées arrêtées par le jury",
    "exam.published": "Résultats publiés",
    "exam.final_published": "Résultats après contrôle publiés",
    "exam.attestation_requested": "Attestation d'unités demandée",
    "livret_opened": "Livret ouvert",
    "period_written": "Période complétée",
    "period_signed": "Période signée",
    "maitre_invited": "Lien envoyé au maître d'apprentissage",
    "link_revoked": "Lien révoqué",
    "document_requested": "Document demandé",
    "documents_requested": "Documents demandés",
    "document_issued": "Document émis",
    "document_failed": "Échec du document",
    "document_replaced": "Document remplacé",
    "document_retried": "Document relancé",
    "job_requested": "Tâche demandée",
    "job_cancelled": "Tâche annulée",
    "job_retried": "Tâche relancée",
}

GAUGE_WIDTH = 1000  # whole units of the drawing: no decimal comma can slip into an SVG attribute


@register.simple_tag(takes_context=True)
def navigation(context: template.Context) -> list[Link]:
    """The main navigation of the current role, or nothing for a visitor."""
    request: Request | None = context.get("request")
    membership = getattr(request, "membership", None) if request else None
    if not request or not membership:
        return []
    return links_for(membership.role, request.path, context.get("nav_counts"))


@register.simple_tag(takes_context=True)
def other_memberships(context: template.Context) -> list:
    """The person's other places (CFA and role), for the switcher."""
    request = context.get("request")
    membership = getattr(request, "membership", None) if request else None
    if not request or not membership:
        return []
    return [other for other in request.memberships if other.pk != membership.pk]


@register.simple_tag
def unique_id(prefix: str = "id") -> str:
    """An id no other element of the page has, for `aria-labelledby` and labels in repeated pieces."""
    return f"{prefix}-{uuid4().hex[:8]}"


@register.simple_tag
def gauge_figures(gauge: Any) -> dict[str, Any]:
    """Lengths of the bars of a gauge, on one scale that holds the largest of its three numbers."""
    largest = max(gauge.done, gauge.planned, gauge.minimum, 1)

    def length(value: Any) -> str:
        return str(round(GAUGE_WIDTH * max(float(value), 0.0) / float(largest)))

    missing = max(gauge.minimum - gauge.planned, 0)
    return {
        "width": str(GAUGE_WIDTH),
        "done": length(gauge.done),
        "planned": length(gauge.planned),
        "minimum": length(gauge.minimum) if gauge.minimum else "",
        "missing": missing,
    }


@register.filter
def figure(value: Any) -> str:
    """A number as the French write it: no useless decimals, narrow no-break space between thousands."""
    if value in (None, ""):
        return ""
    text = f"{float(value):,.2f}".rstrip("0").rstrip(".")
    return text.replace(",", "\u202f").replace(".", ",")


@register.simple_tag(takes_context=True)
def page_url(context: template.Context, number: int, name: str = "page") -> str:
    """The current address with another page number: filters and sort stay."""
    request = context.get("request")
    query = request.GET.copy() if request else QueryDict(mutable=True)
    query[name] = str(number)
    return "?" + query.urlencode()


@register.simple_tag
def error_list(form: BaseForm) -> list[tuple[str, str, str]]:
    """(field id, label, message) for each error of the form, those of the whole form first."""
    rows = [("", "", str(message)) for message in form.non_field_errors()]
    for bound in form:
        rows += [(bound.id_for_label, str(bound.label), str(message)) for message in bound.errors]
    return rows


@register.simple_tag(takes_context=True)
def history_of(context: template.Context, subject: Any, limit: int = 50) -> list[Event]:
    """The last lines of history of an object, for the people who may read them."""
    request = context.get("request")
    if not request or not request.user.is_authenticated:
        return []
    return list(Event.objects.visible_to(request.user).about(subject)[:limit])


@register.filter
def pages_around(paginator: Any, number: int) -> list[int | None]:
    """First, last and near pages; None where pages are skipped."""
    return [
        page if isinstance(page, int) else None
        for page in paginator.get_elided_page_range(number, on_each_side=1, on_ends=1)
    ]


@register.filter
def verb_label(verb: str) -> str:
    """The deed in French; a verb that its app writes in French already stays as it is."""
    return VERBS.get(verb, verb[:1].upper() + verb[1:].replace("_", " "))
