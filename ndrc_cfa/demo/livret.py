"""What the three wrote in the livrets: the past quarters of everybody, with Aïcha's told in full."""

import random
from datetime import date, timedelta

from accounts.models import User
from apprentices.models import Enrolment
from livret import actions as livret_actions
from livret.enums import CompetenceLevel, MaitrePosition, PeriodRole
from livret.models import Livret
from programmes.models import Competence

from .hand import scribble
from .livret_meetings import tell_tasks
from .story import at

TOLD = [
    {
        "apprentice": (
            "Découverte de l'entreprise, de l'offre et du CRM. Mise à jour de 120 fiches clients, segmentation du "
            "portefeuille par secteur. Première campagne téléphonique : 60 appels, 9 rendez-vous pris pour "
            "l'équipe. Visites clients en observation avec ma maître d'apprentissage."
        ),
        "maitre": (
            "Bonne intégration, sérieuse et ponctuelle. Le discours téléphonique est clair ; il reste à oser "
            "relancer après un premier refus."
        ),
        "goals": "Mener seule un premier rendez-vous de découverte et rédiger le compte rendu dans le CRM.",
        "tutor": "Missions conformes au bloc 1. Commencer la fiche E4 sur la campagne téléphonique.",
    },
    {
        "apprentice": (
            "Huit rendez-vous de découverte menés seule, trois propositions chiffrées, deux ventes signées. Stand "
            "tenu deux jours au salon professionnel de Cergy : 34 contacts saisis et relancés sous 48 h. Rédaction "
            "de quatre publications pour la page de l'entreprise."
        ),
        "maitre": (
            "Nette progression en négociation. L'organisation du stand a été prise en charge de bout en bout, avec "
            "un bilan chiffré."
        ),
        "goals": "Défendre une marge face à un acheteur ; participer au choix d'un nouveau revendeur.",
        "tutor": "Le salon nourrit la seconde fiche E4. Penser aux fiches E6 : réseau de distributeurs visé.",
    },
    {
        "apprentice": (
            "Suivi de 25 clients en autonomie, renégociation d'un contrat annuel avec hausse de 4 %. Diagnostic du "
            "linéaire chez trois revendeurs et proposition d'implantation acceptée par l'un d'eux. Réponses aux "
            "avis en ligne et tableau de bord hebdomadaire des ventes."
        ),
        "maitre": (
            "Autonome sur la relation client. Le travail avec les revendeurs est apprécié ; à consolider : le calcul "
            "de rentabilité."
        ),
        "goals": "Animer une réunion de partenaires et en mesurer le résultat.",
        "tutor": "Dossier E4 complet. E6 : il manque une expérience en vente directe, à simuler au CFA.",
    },
]


def tell_livrets(
    enrolments: list[Enrolment],
    *,
    team: dict[str, User],
    maitre_users: dict[int, User],
    today: date,
) -> None:
    """Close the past quarters, but the last one where somebody has not signed yet.

    `maitre_users`: enrolment id -> account of its maître, when there is one; the others leave the quarter
    at the maître's signature, which is what the staff sees as late.
    """
    for rank, enrolment in enumerate(enrolments):
        livret = Livret.objects.get(enrolment=enrolment)
        past = [p for p in livret.periods.order_by("number") if p.ends_on < today]
        for number, period in enumerate(past):
            told = TOLD[min(number, len(TOLD) - 1)]
            is_last = number == len(past) - 1
            if is_last and rank % 4 == 3:
                continue  # nobody has begun
            if rank < 6:
                tell_tasks(enrolment, period, number)
            _apprentice(period, enrolment, told, number)
            maitre = maitre_users.get(enrolment.pk)
            if maitre is None or (is_last and rank % 4 == 1):
                break
            _maitre(period, enrolment, maitre, told, number)
            if is_last and rank % 4 == 2:
                break
            _tutor(period, enrolment, told)


def _levels(enrolment: Enrolment, number: int, shift: int) -> dict[Competence, str]:
    scale = list(CompetenceLevel.values)
    rng = random.Random(f"{enrolment.pk}-{number}-{shift}")
    competences = Competence.objects.filter(
        bloc__referentiel=enrolment.cohort.programme.referentiel, bloc__unite__is_professional=True
    )
    return {
        competence: scale[
            max(0, min(3, number + shift + rng.choice((0, 0, 1)) - rng.choice((0, 1))))
        ]
        for competence in competences
    }


def _apprentice(period, enrolment: Enrolment, told: dict[str, str], number: int) -> None:
    user = enrolment.apprentice.user
    assert user is not None  # everybody of the fixed cast has an account
    livret_actions.save_section(
        period=period,
        values={"apprentice_text": told["apprentice"]},
        levels=_levels(enrolment, number, 1),
        by=user,
    )
    _sign(period, PeriodRole.APPRENTICE, user, 2)


def _maitre(period, enrolment: Enrolment, user: User, told: dict[str, str], number: int) -> None:
    opinion = (MaitrePosition.PROGRESSING, MaitrePosition.EXPECTED, MaitrePosition.ABOVE)[
        min(number, 2)
    ]
    livret_actions.save_section(
        period=period,
        values={
            "maitre_position": opinion,
            "maitre_text": told["maitre"],
            "maitre_goals": told["goals"],
        },
        levels=_levels(enrolment, number, 0),
        by=user,
    )
    _sign(period, PeriodRole.MAITRE, user, 4)


def _tutor(period, enrolment: Enrolment, told: dict[str, str]) -> None:
    assert enrolment.tutor is not None  # the demo names one for each
    livret_actions.save_section(
        period=period, values={"tutor_text": told["tutor"]}, by=enrolment.tutor
    )
    _sign(period, PeriodRole.TUTOR, enrolment.tutor, 6)


def _sign(period, role: str, user: User, days: int) -> None:
    period.refresh_from_db()
    livret_actions.sign_period(
        period=period,
        role=role,
        by=user,
        strokes=scribble(str(user), random.Random(f"{period.uuid}{role}")),
        at=at(period.ends_on + timedelta(days=days), 18, 10 + days),
    )
