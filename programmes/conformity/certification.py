"""What the document affirms of the certification, of the conditions of the diploma and of the law."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from ..enums import Severity, Topic
from .blocs import bloc_findings
from .finding import Finding
from .official import Official
from .printed import Claim, Printed
from .words import number, plain

BLOCKING, WARNING, INFORMATION = Severity.BLOCKING, Severity.WARNING, Severity.INFORMATION
# Topics whose value is a column of the référentiel: (topic, column, identifier, gravity).
COLUMNS = (
    (Topic.RNCP, "rncp", "RNCP", BLOCKING),
    (Topic.CODE_DIPLOME, "code_diplome", "CODE-DIPLOME", BLOCKING),
    (Topic.LEVEL, "level", "NIVEAU", BLOCKING),
    (Topic.ECTS, "ects", "ECTS", BLOCKING),
    (Topic.REGISTERED_FROM, "registered_from", "ENREGISTREMENT-DEBUT", BLOCKING),
    (Topic.REGISTERED_UNTIL, "registered_until", "ENREGISTREMENT-FIN", BLOCKING),
    (Topic.SHEET_DATE, "sheet_published_on", "FICHE-DATE", WARNING),
    (Topic.CERTIFICATEUR, "certificateur", "CERTIFICATEUR", WARNING),
)
# What a text quoted in a document is quoted for.
ABOUT = {
    "hours": "le minimum d'heures",
    "reduction": "l'aménagement de la durée",
    "reduction_vehicle": "l'acte qui aménage la durée",
    "creation": "la création du diplôme",
    "exam_hours": "les heures exigées du candidat",
}


def certification_findings(printed: Printed, official: Official) -> Iterator[Finding]:
    """Codes and dates, blocs, then the conditions."""
    yield from _columns(printed, official)
    yield from _codes(printed, official)
    yield from bloc_findings(printed, official)
    for topic, rule in RULES.items():
        for claim in printed.about(topic):
            yield from rule(claim, official)
    yield from _promised_rates(printed, official)


def _words(value: Any) -> str:
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, list):
        return " ; ".join(_words(item) for item in value)
    return str(value)


def _columns(printed: Printed, official: Official) -> Iterator[Finding]:
    for topic, column, name, severity in COLUMNS:
        expected = official.fields[column]
        if expected is None:
            continue
        wrong = [
            claim
            for claim in printed.about(topic)
            if plain(_text(claim.value)) != plain(_text(expected))
        ]
        if wrong:
            yield Finding(
                name,
                severity,
                Topic(topic).label,
                " ; ".join(claim.says for claim in wrong),
                " ; ".join(claim.where for claim in wrong),
                _words(expected),
                official.source,
                "Corrigez cette valeur partout où le document la donne.",
            )


def _text(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def _codes(printed: Printed, official: Official) -> Iterator[Finding]:
    allowed = {row.split(" ")[0]: row for row in official.fields["rome"]}
    for claim in printed.about(Topic.ROME):
        if wrong := [code for code in claim.value if code not in allowed]:
            yield Finding(
                "ROME",
                WARNING,
                "Code ROME",
                claim.says,
                claim.where,
                " ; ".join(allowed.values()),
                official.source,
                f"Remplacez {', '.join(wrong)} par les codes de la fiche.",
            )
    expected = official.fields["nsf"]
    for claim in printed.about(Topic.NSF):
        if claim.value.strip() != expected.split(" ")[0]:
            yield Finding(
                "NSF",
                WARNING,
                "Code NSF",
                claim.says,
                claim.where,
                expected,
                official.source,
                "Corrigez le code.",
            )


# --- conditions -----------------------------------------------------------------------------------------


def _nature(claim: Claim, official: Official) -> Iterator[Finding]:
    fact = official.fact("legal_nature")
    if fact and claim.value != fact.value["code"]:
        yield Finding(
            "NATURE",
            WARNING,
            "Nature de la certification",
            claim.says,
            claim.where,
            fact.value["words"],
            fact.source,
            "Écrivez « diplôme » : un titre à finalité professionnelle est une autre certification.",
        )


def _pass_average(claim: Claim, official: Official) -> Iterator[Finding]:
    fact = official.fact("pass_average")
    if fact and (claim.value["strict"] or claim.value["min"] != fact.value):
        yield Finding(
            "MOYENNE",
            BLOCKING,
            "Moyenne d'admission",
            claim.says,
            claim.where,
            f"Moyenne égale ou supérieure à {number(fact.value)} sur 20",
            fact.source,
            "Corrigez : la moyenne exacte suffit.",
        )


def _kept_marks(claim: Claim, official: Official) -> Iterator[Finding]:
    fact = official.fact("benefit")
    if fact is None:
        return
    rule, said = fact.value, claim.value
    same = said["min"] == rule["min_mark"] and said["years"] == rule["years"]
    if same and said["on_request"]:
        return
    yield Finding(
        "NOTES-GARDEES",
        INFORMATION if same else WARNING,
        "Notes conservées",
        claim.says,
        claim.where,
        f"Notes d'unité de {number(rule['min_mark'])} et plus, {rule['years']} ans, à la demande du "
        "candidat",
        fact.source,
        "Dites que le candidat doit le demander à l'inscription.",
    )


def _dispenses(claim: Claim, official: Official) -> Iterator[Finding]:
    fact = official.fact("dispenses")
    if fact is None:
        return
    possible = {unit for row in fact.value for unit in row["units"]}
    said = set(claim.value["units"])
    if said == possible:
        return
    told = " ; ".join(f"{', '.join(row['units'])} : {row['who']}" for row in fact.value)
    yield Finding(
        "DISPENSES",
        BLOCKING if said - possible else WARNING,
        "Dispenses d'unités",
        claim.says,
        claim.where,
        told,
        fact.source,
        f"Retirez {', '.join(sorted(said - possible))} : aucun diplôme n'en dispense."
        if said - possible
        else f"Complétez avec {', '.join(sorted(possible - said))} et sa condition.",
    )


def _former_diploma(claim: Claim, official: Official) -> Iterator[Finding]:
    fact = official.fact("former_diploma")
    if fact is None or claim.value != fact.value["acronym"]:
        return
    last = fact.value["last_session"] + fact.value["years"]
    if official.session > last:
        yield Finding(
            "ANCIEN-DIPLOME",
            WARNING,
            f"Équivalence du {fact.value['title']}",
            claim.says,
            claim.where,
            f"Dernière session {fact.value['last_session']} ; unités valables {fact.value['years']} ans, "
            f"donc plus depuis la session {last}",
            fact.source,
            "Retirez cette équivalence ; un diplôme de niveau 5 ouvre les dispenses générales.",
        )


def _legal_basis(claim: Claim, official: Official) -> Iterator[Finding]:
    fact = official.fact("legal_basis")
    about = claim.value["about"]
    if fact is None or about not in fact.value:
        return
    right = {plain(text): text for text in fact.value[about]}
    if wrong := [text for text in claim.value["texts"] if plain(text) not in right]:
        yield Finding(
            f"TEXTE-{about.replace('_', '-')}",
            INFORMATION if about == "creation" else WARNING,
            f"Texte cité pour {ABOUT.get(about, about)}",
            claim.says,
            claim.where,
            " ; ".join(fact.value[about]),
            fact.source,
            f"Remplacez « {' ; '.join(wrong)} » par le texte qui fonde la règle.",
        )


def _fact(claim: Claim, official: Official) -> Iterator[Finding]:
    fact = official.fact(claim.value["code"])
    if fact is None:
        return
    expected, said = fact.value, claim.value["value"]
    if isinstance(expected, list) and isinstance(said, int):
        expected = len(expected)
    if said == expected:
        return
    title = official.fields["facts"][claim.value["code"]]["title"]
    yield Finding(
        f"REGLE-{claim.value['code'].replace('_', '-')}",
        WARNING,
        title,
        claim.says,
        claim.where,
        f"{_words(expected)} (session {official.session})",
        fact.source,
        "Mettez le document à jour pour cette session d'examen.",
    )


def _age(claim: Claim, official: Official) -> Iterator[Finding]:
    fact = official.fact("entry_age")
    if fact and claim.value < fact.value["min"]:
        yield Finding(
            "AGE",
            INFORMATION,
            "Âge d'entrée",
            claim.says,
            claim.where,
            f"{fact.value['min']} à {fact.value['max']} ans révolus, et les dérogations ; "
            f"l'entrée à {claim.value} ans suppose la fin de la 3e",
            fact.source,
            "Retirez cette phrase : elle est sans objet pour un diplôme préparé après le baccalauréat.",
        )


def _access(claim: Claim, official: Official) -> Iterator[Finding]:
    fact = official.fact("entry")
    if fact and not claim.value["every_bac"]:
        yield Finding(
            "ACCES",
            WARNING,
            "Diplôme d'entrée",
            claim.says,
            claim.where,
            " ; ".join(fact.value),
            fact.source,
            "Élargissez la liste, ou dites que le CFA choisit de recruter dans ces séries.",
        )


def _objectives(claim: Claim, official: Official) -> Iterator[Finding]:
    fact = official.fact("former_objectives")
    if fact is None:
        return
    former = {plain(text) for text in fact.value}
    if any(plain(text) in former for text in claim.value):
        blocs = [bloc.title for bloc in official.blocs if not bloc.is_optional][:3]
        yield Finding(
            "OBJECTIFS",
            WARNING,
            "Objectifs pédagogiques",
            " ; ".join(claim.value),
            claim.where,
            " ; ".join(blocs),
            fact.source,
            "Remplacez ces objectifs, ceux de l'ancien diplôme, par les pôles du diplôme préparé.",
        )


def _promised_rates(printed: Printed, official: Official) -> Iterator[Finding]:
    claim = printed.first(Topic.PROMISED_RATES)
    fact = official.fact("public_rates")
    if claim and fact and not printed.has_indicators:
        yield Finding(
            "TAUX",
            INFORMATION,
            "Taux publiés",
            claim.says,
            claim.where,
            " ; ".join(fact.value),
            fact.source,
            "Donnez les taux annoncés, avec leur année et leur effectif, ou l'adresse où ils se lisent.",
        )


RULES: dict[Topic, Callable[[Claim, Official], Iterator[Finding]]] = {
    Topic.NATURE: _nature,
    Topic.PASS_AVERAGE: _pass_average,
    Topic.KEPT_MARKS: _kept_marks,
    Topic.DISPENSES: _dispenses,
    Topic.FORMER_DIPLOMA: _former_diploma,
    Topic.LEGAL_BASIS: _legal_basis,
    Topic.FACT: _fact,
    Topic.AGE_MIN: _age,
    Topic.ACCESS: _access,
    Topic.OBJECTIVES: _objectives,
}
