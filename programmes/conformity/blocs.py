"""Blocs de compétences: their codes, those that are missing, their competences."""

from collections.abc import Iterator

from ..enums import Severity, Topic
from .finding import Finding
from .official import Official, OfficialBloc
from .printed import Claim, Printed
from .words import plain

BLOCKING, WARNING, INFORMATION = Severity.BLOCKING, Severity.WARNING, Severity.INFORMATION


def bloc_findings(printed: Printed, official: Official) -> Iterator[Finding]:
    """Codes, missing blocs and competences, once the document lists blocs at all."""
    claims = printed.about(Topic.BLOC)
    if not claims:
        return
    seen = set()
    for claim in claims:
        bloc = official.bloc_titled(claim.value["title"])
        if bloc is None:
            yield Finding(
                f"BLOC-INCONNU-{plain(claim.value['title'])[:30].replace(' ', '-')}",
                BLOCKING,
                "Bloc de compétences",
                claim.says,
                claim.where,
                " ; ".join(f"{b.code} {b.title}" for b in official.blocs if not b.is_optional),
                official.source,
                "Reprenez les intitulés des blocs de la certification.",
            )
            continue
        seen.add(bloc.code)
        yield from _bloc_codes(claim, bloc, official)
        yield from _competences(claim, bloc, official)
    for bloc in official.blocs:
        if bloc.code not in seen and not bloc.is_optional:
            yield Finding(
                f"BLOC-MANQUE-{bloc.unite}",
                WARNING,
                f"Bloc de l'unité {bloc.unite}",
                "absent de la liste des blocs",
                claims[0].where,
                f"{bloc.code} {bloc.title}",
                bloc.source,
                "Ajoutez ce bloc : chaque unité en a un.",
            )


def _bloc_codes(claim: Claim, bloc: OfficialBloc, official: Official) -> Iterator[Finding]:
    suffix = bloc.code.removeprefix(official.fields["rncp"])
    if set(claim.value["codes"]) - {bloc.code, suffix}:
        yield Finding(
            f"BLOC-{bloc.unite}",
            BLOCKING,
            f"Code du bloc « {bloc.title} »",
            claim.says,
            claim.where,
            f"{bloc.code} seul : un bloc par unité ({bloc.unite})",
            bloc.source,
            "Corrigez le code du bloc : l'attestation de blocs le reprend.",
        )


def _competences(claim: Claim, bloc: OfficialBloc, official: Official) -> Iterator[Finding]:
    known = {plain(title) for title in bloc.competences}
    wrong = [text for text in claim.value["competences"] if plain(text) not in known]
    if not wrong:
        return
    fact = official.fact("bloc_titles_note")
    variants = {plain(row["variant"]): row["official"] for row in fact.value} if fact else {}
    if all(plain(text) in variants for text in wrong):
        expected = " ; ".join(variants[plain(text)] for text in wrong)
        source = fact.source if fact else bloc.source
        advice = (
            "Préférez l'intitulé du bloc et de la grille ; celui du document se lit aussi dans une "
            "source officielle."
        )
    else:
        expected, source = " ; ".join(bloc.competences), bloc.source
        advice = "Reprenez les compétences du bloc."
    yield Finding(
        f"COMPETENCES-{bloc.unite}",
        INFORMATION,
        f"Compétences du bloc « {bloc.title} »",
        " ; ".join(wrong),
        claim.where,
        expected,
        source,
        advice,
    )
