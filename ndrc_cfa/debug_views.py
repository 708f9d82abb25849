"""Every shared component on one page, for whoever builds a screen (development and tests only)."""

from dataclasses import dataclass

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.http import Request
from apprentices.gauge import Gauge


@dataclass(frozen=True)
class SampleEvent:
    verb: str
    actor_label: str
    happened_at: object
    recorded_at: object
    reason: str = ""
    is_late: bool = False


class SampleForm(forms.Form):
    company = forms.CharField(label="Raison sociale", help_text="Telle qu'au registre.")
    siret = forms.CharField(label="Numéro SIRET", max_length=14)
    role = forms.ChoiceField(label="Rôle", choices=[("tutor", "Tuteur"), ("trainer", "Formateur")])
    agreed = forms.BooleanField(label="J'ai lu la charte d'émargement")


@login_not_required
def components(request: Request) -> HttpResponse:
    if not (settings.DEBUG or getattr(settings, "DEBUG_PAGES", False)):
        raise Http404
    form = SampleForm({"company": "Boutique du Port", "siret": "123"})
    form.add_error("siret", "Ce numéro SIRET n'est pas valide : il compte 14 chiffres.")
    now = timezone.now()
    events = [
        SampleEvent("add_member", "Farid Garnier", now, now),
        SampleEvent("change_role", "Élise Faure", now, now, "Erreur de saisie.", True),
    ]
    context = {
        "statuses": [
            ("todo", "À faire"),
            ("stop", "Bloquant"),
            ("run", "En cours"),
            ("done", "Fait"),
            ("none", "Sans objet"),
        ],
        "gauges": [
            Gauge("Heures, formation planifiée au-dessus du minimum", 588, 1372, 1350),
            Gauge("Heures, il manque des demi-journées", 742, 1301, 1350),
            Gauge("Heures, rien encore", 0, 0, 0),
        ],
        "rows": [
            ("Quand", "lundi 23 novembre, matin"),
            ("Horaire", "9 h 00 à 12 h 30"),
            ("Salle", ""),
        ],
        "page": Paginator(range(1240), 25).get_page(request.GET.get("page", 4)),
        "form": form,
        "events": events,
        "icons": sorted(_icon_names()),
    }
    return render(request, "debug/components.html", context)


def _icon_names() -> list[str]:
    """The ids of the sprite, read from the file itself so that the page shows what there is."""
    sprite = (settings.BASE_DIR / "static" / "img" / "icons.svg").read_text()
    return [part.split('"', 1)[0] for part in sprite.split('<symbol id="')[1:]]
