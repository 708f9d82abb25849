"""Correct one finding with the official value, in one deed: the document's own words are kept in history."""

from django.db import transaction

from accounts.errors import DomainError
from accounts.models import User

from .. import store
from ..conformity import Official
from ..conformity_selectors import categorie_of_programme, findings_of
from ..enums import Topic
from ..models import AnnouncedEpreuve, CfaProgramme
from .editing import done, lock_programme

# Findings about one affirmation of the document: once corrected, the affirmation is withdrawn.
CLAIMS: dict[str, str] = {
    "ROME": Topic.ROME,
    "NSF": Topic.NSF,
    "RNCP": Topic.RNCP,
    "CODE-DIPLOME": Topic.CODE_DIPLOME,
    "NIVEAU": Topic.LEVEL,
    "ECTS": Topic.ECTS,
    "ENREGISTREMENT-DEBUT": Topic.REGISTERED_FROM,
    "ENREGISTREMENT-FIN": Topic.REGISTERED_UNTIL,
    "FICHE-DATE": Topic.SHEET_DATE,
    "CERTIFICATEUR": Topic.CERTIFICATEUR,
    "NATURE": Topic.NATURE,
    "MOYENNE": Topic.PASS_AVERAGE,
    "NOTES-GARDEES": Topic.KEPT_MARKS,
    "DISPENSES": Topic.DISPENSES,
    "ANCIEN-DIPLOME": Topic.FORMER_DIPLOMA,
    "OBJECTIFS": Topic.OBJECTIVES,
    "AGE": Topic.AGE_MIN,
    "ACCES": Topic.ACCESS,
    "DUREE-DATES": Topic.MONTHS,
    "SEMAINES": Topic.WEEKS_PER_YEAR,
    "SEMAINES-HEURES": Topic.WEEKLY_PLAN,
    "HEURES-ANNEES": Topic.HOURS_PER_YEAR,
}
PREFIXES: dict[str, str] = {
    "TEXTE-": Topic.LEGAL_BASIS,
    "REGLE-": Topic.FACT,
    "REUNIES-": Topic.MERGED,
    "BLOC-": Topic.BLOC,
    "COMPETENCES-": Topic.BLOC,
}
EPREUVE_RULES = ("COEF", "FORME", "DUREE", "EPREUVE", "MANQUE", "FACULTATIVE")


def can_fix(finding: str) -> bool:
    """The official value can simply take the place of the printed one."""
    rule, _, _ = finding.partition("-")
    return (
        finding in CLAIMS
        or any(finding.startswith(prefix) for prefix in PREFIXES)
        or (rule in EPREUVE_RULES and finding not in {"COEF-SOMME", "DUREE-DATES"})
        or rule == "UNITE"
    )


@transaction.atomic
def apply_official(*, programme: CfaProgramme, finding: str, by: User) -> CfaProgramme:
    """Put the official value in the place of what the document printed; refused when only the CFA can say."""
    programme = lock_programme(programme, by)
    held = next((row for row in findings_of(programme) if row.finding.id == finding), None)
    if held is None:
        raise DomainError("Ce constat n'existe plus : rechargez la page.")
    if not can_fix(finding):
        raise DomainError("Seul le CFA connaît la bonne valeur : corrigez-la dans le programme.")
    before = store.dump(programme)
    rule, _, code = finding.partition("-")
    if finding in CLAIMS:
        _withdraw(programme, CLAIMS[finding], held.finding.says)
    elif rule == "UNITE":
        subject = programme.subjects.get(code=code)
        subject.announced_unite = subject.unite_code
        subject.save(update_fields=["announced_unite"])
    elif rule in EPREUVE_RULES:
        _fix_epreuve(programme, code)
    else:
        topic = next(topic for prefix, topic in PREFIXES.items() if finding.startswith(prefix))
        _withdraw(programme, topic, held.finding.says if topic != Topic.BLOC else "")
    return done(programme, before, by, "programme.fix")


def _withdraw(programme: CfaProgramme, topic: str, says: str) -> None:
    """Take out the affirmations of the topic that the finding quotes (all of them when it quotes none)."""
    programme.claims = [
        row
        for row in programme.claims
        if row["topic"] != topic or (says and row["says"] not in says)
    ]


def _fix_epreuve(programme: CfaProgramme, code: str) -> None:
    """The line of the announced table becomes the official one, for the category of the CFA."""
    official = Official.of(
        store.dump(programme.referentiel),
        categorie_of_programme(programme),
        programme.session,
    )
    exam = official.exams.get(code)
    row = programme.announced_epreuves.filter(code=code).first()
    if exam is None:
        if row:
            row.delete()
        return
    rule = official.rule(exam)
    if row is None:
        row = AnnouncedEpreuve(
            programme=programme, code=code, position=programme.announced_epreuves.count() + 1
        )
    row.title, row.coefficient = exam.title, exam.coefficient
    row.form = rule.words if rule else ""
    row.source = "Corrigé dans l'application"
    row.save()
    programme.subjects.filter(unite_code=exam.unite).exclude(announced_coefficient=None).update(
        announced_coefficient=exam.coefficient
    )
