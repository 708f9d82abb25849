"""The frozen context of the commission's evaluation sheet."""

from base64 import b64encode
from itertools import groupby
from typing import Any

from django.utils import timezone

from accounts.enums import Role
from accounts.models import User
from accounts.signatures import HEIGHT, WIDTH, svg_path
from programmes.enums import Level

from .ccf.rules import still_to_sign
from .enums import SignatureManner, SituationCode
from .models import CcfEvaluation, CcfSignature, CcfSituation
from .rules import show_mark, signature_lines

KIND = "fiche_ccf"


def ccf_context(evaluation: CcfEvaluation, grids) -> dict[str, Any]:
    """What annexes V-4/V-5 (E4) and VII-2/VII-3 (E6) show, as plain values."""
    enrolment, epreuve = evaluation.enrolment, evaluation.epreuve
    programme = enrolment.cohort.programme
    situations = {
        situation.code: situation
        for situation in evaluation.situations.prefetch_related(
            "signatures__recorded_by", "signatures__user"
        )
    }
    choice = situations[SituationCode.B].choice
    levels = {level.line_id: level.level for level in evaluation.levels.all()}
    lines = grids.lines(epreuve, choice)
    return {
        "diploma": f"{programme.referentiel.diploma} {programme.referentiel.title}",
        "rncp": programme.referentiel.rncp,
        "session": programme.session,
        "epreuve": {
            "code": epreuve.code,
            "title": epreuve.title,
            "coefficient": show_mark(epreuve.coefficient),
            "bloc": epreuve.unite.bloc.title,
        },
        "apprentice": {
            "last_name": enrolment.apprentice.last_name,
            "usage_name": enrolment.apprentice.usage_name,
            "first_name": enrolment.apprentice.first_name,
            "born_on": f"{enrolment.apprentice.born_on:%d/%m/%Y}",
            "sex": enrolment.apprentice.sex,
            "cohort": enrolment.cohort.name,
        },
        "situations": [
            {
                "code": situation.code,
                "held_on": f"{situation.held_on:%d/%m/%Y}",
                "choices": _boxes(evaluation, situation.code, situations, grids),
                "choice_label": "Activité simulée" if grids.choices(epreuve) else "Réseaux",
                "fiches": situation.fiches,
                "evaluators": situation.evaluators,
                "appreciation": situation.appreciation,
                "signatures": _signatures(situation, signature_lines(epreuve.code)),
            }
            for situation in (situations[code] for code in SituationCode.values)
        ],
        "boxes": [{"code": level.value, "label": level.label} for level in Level],
        "grid": [
            {
                "title": competence.title,
                "lines": [
                    {
                        "title": line.title,
                        "criteres": list(line.criteres),
                        "level": levels.get(line.pk, ""),
                    }
                    for line in group
                ],
            }
            for competence, group in groupby(lines, key=lambda line: line.competence)
        ],
        "mark": show_mark(evaluation.mark),
        "locked_on": f"{timezone.localtime(evaluation.locked_at):%d/%m/%Y}",
        "locked_by": str(evaluation.locked_by),
        "uuid": str(evaluation.uuid),
    }


def _boxes(evaluation: CcfEvaluation, code: str, situations, grids) -> list[dict[str, Any]]:
    """What the form has ticked: the simulation of E4 B; one network in E6 A, the others in B."""
    epreuve = evaluation.epreuve
    picked = situations[SituationCode.A].choice
    if networks := grids.networks(epreuve):
        return [
            {"title": title, "ticked": (key == picked) == (code == SituationCode.A)}
            for key, title in networks
        ]
    if code != SituationCode.B:
        return []
    chosen = situations[SituationCode.B].choice
    return [{"title": title, "ticked": key == chosen} for key, title in grids.choices(epreuve)]


def _signatures(situation: CcfSituation, lines: int) -> list[dict[str, str]]:
    """The signature lines of the form: those given, then empty ones to sign by hand."""
    given = [_signature(one) for one in situation.signatures.all()]
    waiting = still_to_sign(situation.evaluators, situation.signatures.all())
    names = [*waiting, *[""] * lines][: max(0, lines - len(given))]
    empty = [{"name": name, "said": "", "picture": ""} for name in names]
    return given + empty


def _signature(one: CcfSignature) -> dict[str, str]:
    moment = timezone.localtime(one.signed_at)
    said = f"Signé dans l'application le {moment:%d/%m/%Y à %H:%M}"
    if one.manner == SignatureManner.DEVICE:
        said = f"Signé sur l'appareil de {one.recorded_by} le {moment:%d/%m/%Y à %H:%M}"
        said += f" : {one.typed_name}" if one.typed_name else ""
    elif one.manner == SignatureManner.HAND:
        said = f"Signé à la main le {moment:%d/%m/%Y}, scan conservé"
    return {"name": one.name, "said": said, "picture": drawn(one.strokes)}


def drawn(strokes) -> str:
    """The drawing as a picture, or nothing."""
    if not strokes:
        return ""
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}"><path fill="none" '
        f'stroke="#1b2a41" stroke-width="4" stroke-linecap="round" d="{svg_path(strokes)}"/></svg>'
    )
    return "data:image/svg+xml;base64," + b64encode(svg.encode()).decode()


def readers(evaluation: CcfEvaluation) -> list[User]:
    """The trainers of the commission, besides the staff; never the apprentice nor the company."""
    enrolment = evaluation.enrolment
    teachers = enrolment.cohort.trainers.all() | User.objects.filter(pk=enrolment.tutor_id)
    return list(
        teachers.filter(
            memberships__role=Role.TRAINER,
            memberships__cfa=enrolment.cohort.cfa,
            memberships__is_active=True,
        )
        .exclude(pk=enrolment.apprentice.user_id)
        .distinct()
    )
