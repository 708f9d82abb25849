"""The livrets of the demo beyond their texts: plan, tasks with proofs, visits, bilans, a fiche."""

import random
from datetime import date, timedelta
from io import BytesIO
from uuid import uuid5

from django.utils import timezone

from accounts.models import User
from apprentices.models import Enrolment
from livret import actions
from livret.enums import ActivityKind, NetworkKind, PeriodRole, ReviewState, Term
from livret.models import Commitment, Livret, Review
from livret.pdf import assessed_competences

from .hand import scribble
from .story import at

PLAN: list[tuple[str, str, str, str, tuple[int, ...]]] = [
    ("Prospecter par téléphone le portefeuille « PME du Val-d'Oise »", Term.SHORT, ActivityKind.PROSPECTION, "", (0, 1)),
    ("Mener des rendez-vous de découverte puis des négociations", Term.MEDIUM, ActivityKind.NEGOCIATION, "", (1, 2)),
    ("Organiser le stand du salon professionnel de Cergy", Term.MEDIUM, ActivityKind.EVENEMENT, "", (2,)),
    ("Tenir le CRM à jour et partager la veille concurrentielle", Term.SHORT, ActivityKind.INFORMATION, "", (3,)),
    ("Publier et répondre aux avis en ligne", Term.SHORT, ActivityKind.DISTANCE, "", (4, 5)),
    ("Suivre l'implantation chez trois revendeurs", Term.LONG, ActivityKind.RESEAU, NetworkKind.DISTRIBUTEURS, (7,)),
]  # fmt: skip
DONE: list[list[tuple[str, str, str, tuple[int, ...], str]]] = [
    [
        ("Campagne téléphonique : 60 appels, 9 rendez-vous", ActivityKind.PROSPECTION, "", (0, 1), "Fichier nettoyé, argumentaire écrit, taux de rendez-vous de 15 %."),
        ("120 fiches du CRM mises à jour", ActivityKind.INFORMATION, "", (3,), "Segmentation par secteur d'activité, doublons retirés."),
    ],
    [
        ("Huit rendez-vous de découverte, deux ventes signées", ActivityKind.NEGOCIATION, "", (1, 2), "Trois propositions chiffrées ; panier moyen de 2 400 euros."),
        ("Stand de deux jours au salon de Cergy", ActivityKind.EVENEMENT, "", (2,), "34 contacts saisis, relancés sous 48 heures."),
    ],
    [
        ("Renégociation d'un contrat annuel, hausse de 4 %", ActivityKind.NEGOCIATION, "", (1, 2), "Contrepartie : une livraison mensuelle."),
        ("Diagnostic du linéaire chez trois revendeurs", ActivityKind.RESEAU, NetworkKind.DISTRIBUTEURS, (7, 8), "Une implantation acceptée, suivie chaque semaine."),
    ],
]  # fmt: skip
SAID = {
    "plan": {
        "acquis": "Bac professionnel commerce, deux étés en magasin. À l'aise à l'oral ; l'écrit professionnel est à travailler.",
        "projet": "Devenir commerciale itinérante dans l'équipement professionnel.",
        "entreprise": "Un portefeuille de 40 clients dès le deuxième trimestre, puis les revendeurs.",
        "amenagements": "Aucun aménagement demandé.",
    },
    "visit": {
        "points": "Intégration, outils, rythme de l'alternance, sécurité sur la route.",
        "missions": "Appels de prospection écoutés en direct ; tenue du CRM montrée.",
        "entreprise": "Ponctuelle et curieuse ; à pousser sur la relance après un refus.",
        "actions": "Écoute croisée de deux appels par semaine.",
    },
    "quarterly": {
        "apprenti": "Je comprends mieux l'offre ; je veux mener un rendez-vous seule.",
        "entreprise": "Les objectifs du trimestre sont tenus.",
        "cfa": "Assidue. Les mises en situation de négociation progressent.",
        "competences": "Cibler et prospecter : en cours. Priorité au trimestre suivant : négocier.",
    },
    "semester": {
        "cfa": "Semestre sérieux, résultats réguliers.",
        "entreprise": "L'équipe lui confie des clients.",
        "apprenti": "Je tiens mieux les délais.",
    },
    "final": {
        "parcours": "Parcours complet.",
        "entreprise": "Prête pour le métier.",
        "cfa": "Avis favorable.",
        "suite": "Emploi dans l'entreprise.",
    },
}


def photo(seed: str) -> bytes:
    """An invented picture: bands of colour, never a person."""
    from PIL import Image, ImageDraw

    rng = random.Random(seed)
    picture = Image.new("RGB", (640, 420), "#e8edf0")
    draw = ImageDraw.Draw(picture)
    for n in range(9):
        colour = tuple(rng.randint(60, 210) for _ in range(3))
        draw.rectangle((40 + 64 * n, 380 - rng.randint(60, 320), 88 + 64 * n, 380), fill=colour)
    out = BytesIO()
    picture.save(out, "JPEG", quality=80)
    return out.getvalue()


def tell_tasks(enrolment: Enrolment, period, number: int) -> None:
    """The tasks of one period, one with its photo; before the apprentice signs it."""
    user = enrolment.apprentice.user
    assert user is not None  # everybody of the cast has an account
    competences = assessed_competences(enrolment)
    today = timezone.localdate()
    for n, (title, kind, network, places, details) in enumerate(DONE[min(number, len(DONE) - 1)]):
        day = min(period.starts_on + timedelta(days=20 + 14 * n), period.ends_on)
        task = actions.save_task(
            period=period,
            uuid=uuid5(period.uuid, str(n)),
            title=title,
            kind=kind,
            network=network,
            details=details,
            done_on=day if day <= today else None,
            competences=[competences[p] for p in places if p < len(competences)],
            by=user,
        )
        if n == 1:
            data = photo(f"{period.uuid}")
            actions.add_proof(
                period=period,
                file=BytesIO(data),
                name="photo-mission.jpg",
                size=len(data),
                task=task,
                by=user,
            )


def tell_meetings(
    enrolments: list[Enrolment],
    *,
    team: dict[str, User],
    maitre_users: dict[int, User],
    today: date,
) -> None:
    """Three have their meetings on the calendar; those that Chantal Dumas follows held and signed them."""
    for rank, enrolment in enumerate(enrolments):
        if rank > 2:
            break  # the others wait for « Proposer les rencontres »
        livret = Livret.objects.get(enrolment=enrolment)
        tutor = enrolment.tutor
        assert tutor is not None  # the demo names one for each
        actions.propose_reviews(livret=livret, by=tutor)
        maitre = maitre_users.get(enrolment.pk)
        if maitre is None:
            continue
        competences = assessed_competences(enrolment)
        for title, term, kind, network, places in PLAN:
            actions.save_plan_task(
                livret=livret,
                title=title,
                term=term,
                kind=kind,
                network=network,
                competences=[competences[p] for p in places if p < len(competences)],
                by=tutor,
            )
        past = list(livret.reviews.filter(planned_on__lt=today).order_by("planned_on", "pk"))
        if rank == 2:
            past = past[:-1]  # her last meeting waits for its minutes: the homes say so
        for number, review in enumerate(past):
            _hold(review, tutor, maitre, is_last=number == len(past) - 1, direction=team["elise"])
        _fiche(livret, enrolment)


def _hold(review: Review, tutor: User, maitre: User, *, is_last: bool, direction: User) -> None:
    """Held on its day, written, signed by all; the last one still waits for the maître."""
    review = actions.open_review(review=review, by=tutor)
    held = review.planned_on
    enrolment = review.livret.enrolment
    following = review.livret.reviews.filter(planned_on__gt=held).order_by("planned_on").first()
    fields: dict[str, date | None] = {
        "held_on": held,
        "next_on": following.planned_on if following else None,
    }
    actions.save_review(review=review, texts=SAID[review.kind], fields=fields, by=tutor)
    for promise in Commitment.objects.filter(
        review__livret=review.livret, state="open", due_on__lt=held
    ).exclude(review=review):
        actions.settle_commitment(
            review=review, commitment=promise, state="done", note="Fait.", by=tutor
        )
    if review.kind in ("visit", "quarterly"):
        actions.add_commitment(
            review=review,
            who=PeriodRole.MAITRE,
            text="Confier un rendez-vous de découverte en autonomie",
            due_on=held + timedelta(days=60),
            by=tutor,
        )
    review = actions.submit_review(review=review, by=tutor)
    people = [(enrolment.apprentice.user, 1), (maitre, 2), (tutor, 3)]
    if PeriodRole.DIRECTION in review.signers:
        people.append((direction, 4))
    for user, days in people:
        if is_last and user == maitre:
            return
        assert user is not None  # everybody of the cast has an account
        actions.sign_review(
            review=review,
            by=user,
            strokes=scribble(str(user), random.Random(f"{review.uuid}{user}")),
            at=at(held + timedelta(days=days), 18, 5 + days),
        )
        review.refresh_from_db()
    assert review.state == ReviewState.CLOSED


def _fiche(livret: Livret, enrolment: Enrolment) -> None:
    user = enrolment.apprentice.user
    told = livret.periods.filter(tasks__kind=ActivityKind.NEGOCIATION).exists()
    if user and told:
        actions.create_fiche(livret=livret, epreuve="E4", need=ActivityKind.NEGOCIATION, by=user)
