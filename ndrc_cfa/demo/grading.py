"""One CCF graded and locked, one begun, and one period of the livret told by the three."""

import random
from datetime import date, timedelta
from decimal import Decimal

from accounts.models import User
from apprentices.models import Cohort, Enrolment
from evaluations import actions as evaluations_actions
from programmes.enums import Level
from programmes.models import Epreuve
from programmes.selectors import choices, grid_lines

APPRECIATION_A = (
    "Portefeuille bien analysé, cibles justifiées par les données du CRM ; la démarche de prospection "
    "est évaluée, l'activation du réseau professionnel reste timide."
)
APPRECIATION_B = (
    "Découverte des besoins complète et écoute active. La solution répond au client ; la marge de "
    "négociation est défendue avec calme."
)


def grade_e4(
    enrolments: list[Enrolment], *, team: dict[str, User], cohort: Cohort, today: date
) -> None:
    """E4 of the first apprentice locked by the commission, of the second one begun."""
    epreuve = Epreuve.objects.get(referentiel=cohort.programme.referentiel, code="E4")
    rng = random.Random("ccf")
    for enrolment, complete in zip(enrolments[:2], (True, False), strict=False):
        evaluation = evaluations_actions.start_evaluation(
            enrolment=enrolment, epreuve=epreuve, by=team["bruno"]
        )
        choice = choices(epreuve)[0].code
        commission = f"{team['bruno']}, {team['ines']}"
        evaluations_actions.save_situation(
            evaluation=evaluation,
            code="A",
            by=team["bruno"],
            held_on=today - timedelta(days=12),
            choice="",
            evaluators=commission,
            appreciation=APPRECIATION_A,
        )
        if not complete:
            continue
        evaluations_actions.save_situation(
            evaluation=evaluation,
            code="B",
            by=team["bruno"],
            held_on=today - timedelta(days=5),
            choice=choice,
            evaluators=commission,
            appreciation=APPRECIATION_B,
        )
        for line in grid_lines(epreuve, choice):
            evaluations_actions.save_level(
                evaluation=evaluation,
                line=line,
                level=rng.choice([Level.S, Level.S, Level.TS, Level.I]),
                by=team["bruno"],
            )
        evaluations_actions.propose_mark(
            evaluation=evaluation, mark=Decimal("15.5"), by=team["bruno"]
        )
        evaluations_actions.lock_evaluation(evaluation=evaluation, by=team["bruno"])
