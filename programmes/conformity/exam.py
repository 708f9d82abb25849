"""Épreuves: which exist, their coefficients, units, forms and durations for the CFA's category."""

from collections.abc import Iterator
from decimal import Decimal

from ..enums import Categorie, EpreuveForm, Severity, Topic
from .finding import Finding
from .official import Official, OfficialExam, OfficialRule
from .printed import Printed, PrintedEpreuve
from .words import minutes_words, number

BLOCKING, WARNING, INFORMATION = Severity.BLOCKING, Severity.WARNING, Severity.INFORMATION


def exam_findings(printed: Printed, official: Official) -> Iterator[Finding]:
    """The table of the épreuves, line by line, then as a whole."""
    if not printed.epreuves:
        return
    for row in printed.epreuves:
        exam = official.exams.get(row.code)
        if exam is None:
            yield _unknown(row, official)
            continue
        yield from _coefficient(row, exam, printed)
        yield from _form(row, exam, official)
        yield from _duration(row, exam, official)
    yield from _missing(printed, official)
    yield from _merged(printed, official)
    yield from _sum(printed, official)
    yield from _units(printed, official)
    yield from _habilitation(printed, official)


def _unknown(row: PrintedEpreuve, official: Official) -> Finding:
    codes = [exam.code for exam in official.exams.values() if not exam.is_optional]
    return Finding(
        f"EPREUVE-{row.code}",
        BLOCKING,
        f"Épreuve {row.code}",
        f"{row.title}{_weight(row.coefficient)}, {row.text}",
        row.where,
        f"Cette épreuve n'existe pas : les épreuves obligatoires sont {', '.join(codes)}",
        official.exams_source,
        "Retirez cette ligne du tableau des épreuves ; un enseignement sans épreuve se présente à part.",
    )


def _weight(coefficient: Decimal | None) -> str:
    return "" if coefficient is None else f", coefficient {number(coefficient)}"


def _coefficient(row: PrintedEpreuve, exam: OfficialExam, printed: Printed) -> Iterator[Finding]:
    subjects = [
        subject
        for subject in printed.subjects
        if subject.announced_coefficient is not None
        and subject.unite == exam.unite
        and subject.announced_coefficient != exam.coefficient
    ]
    if row.coefficient == exam.coefficient and not subjects:
        return
    values = [row.coefficient, *(subject.announced_coefficient for subject in subjects)]
    wrong = [value for value in dict.fromkeys(values) if value != exam.coefficient]
    says = " ; ".join("sans coefficient" if v is None else number(v) for v in wrong)
    places = [row.where] if row.coefficient != exam.coefficient else []
    places += [subject.where for subject in subjects]
    expected = "aucun coefficient : seuls comptent les points au-dessus de 10"
    yield Finding(
        f"COEF-{exam.code}",
        BLOCKING,
        f"Coefficient de {exam.code} ({exam.title})",
        says,
        " ; ".join(dict.fromkeys(places)),
        expected if exam.coefficient is None else number(exam.coefficient),
        exam.source,
        "Corrigez le coefficient : le candidat calcule sa moyenne avec lui.",
    )


def _sum(printed: Printed, official: Official) -> Iterator[Finding]:
    optional = {exam.code for exam in official.exams.values() if exam.is_optional}
    told = [row for row in printed.epreuves if row.code not in optional]
    if any(row.coefficient is None for row in told):
        return
    total = sum((row.coefficient or Decimal(0) for row in told), Decimal(0))
    expected = sum((exam.coefficient or Decimal(0) for exam in official.exams.values()), Decimal(0))
    if total != expected:
        yield Finding(
            "COEF-SOMME",
            WARNING,
            "Somme des coefficients",
            f"{number(total)} ({' + '.join(number(row.coefficient) for row in told)})",
            told[0].where,
            number(expected),
            official.exams_source,
            "La somme redevient juste quand chaque coefficient et la liste des épreuves le sont.",
        )


# --- forms and durations -----------------------------------------------------------------------------


def _names(row: PrintedEpreuve, form: str) -> bool:
    """The printed words name the official form."""
    told = row.form
    return {
        EpreuveForm.CCF: told.ccf,
        EpreuveForm.ECRITE: told.written,
        EpreuveForm.ORALE: told.oral,
        EpreuveForm.PRATIQUE: told.practical,
        EpreuveForm.ECRITE_PRATIQUE: told.written and told.practical,
    }[EpreuveForm(form)]


def _ccf_possible(exam: OfficialExam) -> bool:
    """A CFA habilité takes this épreuve as a CCF."""
    rule = exam.rules.get(Categorie.HABILITE)
    return rule is not None and rule.form == EpreuveForm.CCF


def _form(row: PrintedEpreuve, exam: OfficialExam, official: Official) -> Iterator[Finding]:
    rule = official.rule(exam)
    if rule is None:
        return
    if _ccf_possible(exam):
        if row.form.ccf and row.form.ponctuel:
            yield _finding_of_form(
                row,
                rule,
                exam,
                WARNING,
                "Ne laissez que la forme de ce CFA : elle dépend de son habilitation, "
                "l'apprenti ne choisit pas.",
            )
        elif not row.form.ccf and not _names(row, rule.form):
            yield _finding_of_form(row, rule, exam, BLOCKING, "Corrigez la forme de l'épreuve.")
        return
    if row.form.ccf:
        advice = "Retirez le CCF : aucun apprenti ne passe cette épreuve en CCF."
        if not _names(row, rule.form):
            advice = f"Écrivez la forme officielle ; {advice[0].lower()}{advice[1:]}"
        yield _finding_of_form(row, rule, exam, BLOCKING, advice)
    elif not _names(row, rule.form):
        yield _finding_of_form(row, rule, exam, BLOCKING, "Corrigez la forme de l'épreuve.")


def _finding_of_form(
    row: PrintedEpreuve, rule: OfficialRule, exam: OfficialExam, severity: Severity, advice: str
) -> Finding:
    return Finding(
        f"FORME-{exam.code}",
        severity,
        f"Forme de {exam.code} ({exam.title})",
        row.text,
        row.where,
        rule.words,
        rule.source,
        advice,
    )


def _duration(row: PrintedEpreuve, exam: OfficialExam, official: Official) -> Iterator[Finding]:
    """A printed duration must be official; with a passage and a preparation, that of the passage is there."""
    rule = official.rule(exam)
    printed = row.form.minutes
    if rule is None or not printed:
        return
    main = [rule.duration] if rule.duration else rule.part_minutes
    if not main:
        return
    allowed = [*main, *([rule.preparation] if rule.preparation else [])]
    whole = sum(main) if len(main) > 1 else None
    rest, wrong = list(allowed), []
    for value in printed:
        if value in rest:
            rest.remove(value)
        elif value != whole:
            wrong.append(value)
    if not wrong and (len(main) > 1 or rule.duration in printed):
        return
    yield Finding(
        f"DUREE-{exam.code}",
        BLOCKING,
        f"Durée de {exam.code} ({exam.title})",
        " + ".join(minutes_words(value) for value in printed),
        row.where,
        rule.words,
        f"{rule.source} ; session {official.session}",
        "Corrigez la durée : celle d'un autre texte ou d'une autre session ne vaut plus.",
    )


# --- the list as a whole ------------------------------------------------------------------------------


def _missing(printed: Printed, official: Official) -> Iterator[Finding]:
    told = {row.code for row in printed.epreuves}
    for claim in printed.about(Topic.MERGED):
        told |= set(claim.value)
    for exam in official.exams.values():
        if exam.code in told:
            continue
        if not exam.is_optional:
            yield Finding(
                f"MANQUE-{exam.code}",
                BLOCKING,
                f"Épreuve {exam.code}",
                "absente du tableau des épreuves",
                printed.epreuves[0].where,
                f"{exam.title}{_weight(exam.coefficient)}",
                exam.source,
                "Ajoutez cette épreuve obligatoire au tableau.",
            )
        elif exam.is_read:
            yield Finding(
                f"FACULTATIVE-{exam.code}",
                INFORMATION,
                f"Épreuve facultative {exam.code}",
                "non mentionnée",
                printed.epreuves[0].where,
                f"{exam.title} : facultative, seuls comptent les points au-dessus de 10",
                exam.source,
                "Dites si le CFA y prépare : la proposer est son choix.",
            )


def _merged(printed: Printed, official: Official) -> Iterator[Finding]:
    for claim in printed.about(Topic.MERGED):
        exams = [official.exams[code] for code in claim.value if code in official.exams]
        told = [
            f"{exam.code} {exam.title}"
            + (" (facultative)" if exam.is_optional else _weight(exam.coefficient))
            for exam in exams
        ]
        yield Finding(
            f"REUNIES-{'-'.join(claim.value)}",
            BLOCKING,
            f"Épreuves {' et '.join(claim.value)} réunies",
            claim.says,
            claim.where,
            " ; ".join(told),
            " ; ".join(dict.fromkeys(exam.source for exam in exams)),
            "Séparez les épreuves : chacune a son unité, sa forme et son effet sur la moyenne.",
        )


def _units(printed: Printed, official: Official) -> Iterator[Finding]:
    for subject in printed.subjects:
        exam = official.exam_of(subject.unite)
        if not subject.announced_unite or exam is None or subject.announced_unite == subject.unite:
            continue
        row = next((row for row in printed.epreuves if row.code == exam.code), None)
        also = f" (le tableau des épreuves la met à {row.code})" if row else ""
        yield Finding(
            f"UNITE-{subject.code}",
            BLOCKING,
            f"Unité de « {subject.title} »",
            f"{subject.announced_unite}{also}",
            subject.where,
            f"{subject.unite}, épreuve {exam.code}",
            exam.source,
            "Corrigez le code de l'unité : dispenses, notes conservées et blocs se disent par unité.",
        )


def _habilitation(printed: Printed, official: Official) -> Iterator[Finding]:
    if official.categorie != Categorie.PONCTUEL:
        return
    rows = [
        (row, exam)
        for row in printed.epreuves
        if row.form.ccf and (exam := official.exams.get(row.code)) and _ccf_possible(exam)
    ]
    if not rows:
        return
    forms = [f"{exam.code} : {rule.words}" for _, exam in rows if (rule := official.rule(exam))]
    yield Finding(
        "HABILITATION",
        BLOCKING,
        "CCF annoncé sans habilitation enregistrée",
        " ; ".join(f"{row.code} : {row.text}" for row, _ in rows),
        " ; ".join(dict.fromkeys(row.where for row, _ in rows)),
        f"Sans habilitation à la session {official.session} : {' ; '.join(forms)}",
        " ; ".join(dict.fromkeys(r.source for _, exam in rows if (r := official.rule(exam)))),
        "Enregistrez l'habilitation du CFA (date de la décision), ou annoncez la forme ponctuelle.",
    )
