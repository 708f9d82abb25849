"""The programme of the demo's centre: two findings accepted with their reason, a first public version."""

from accounts.models import User
from programmes import actions
from programmes.models import CfaProgramme

ACCEPTED = {
    "HEURES-RYTHME": "Onze journées d'examens blancs et trois semaines de regroupement s'ajoutent au rythme.",
    "DUREE-DATES": "Parcours de 18 mois après positionnement ; le cycle de référence reste de 24 mois.",
}


def publish(programme: CfaProgramme, *, by: User) -> None:
    """Accept what the centre takes on, then publish; every other finding stays to be corrected."""
    for finding, reason in ACCEPTED.items():
        actions.accept_finding(programme=programme, finding=finding, reason=reason, by=by)
    actions.publish_programme(programme=programme, reason="Première publication", by=by)
