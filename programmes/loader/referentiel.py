"""One version of a référentiel, checked: blocs, units, épreuves with their rules, competences, facts."""

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from ..enums import Categorie, Confidence, EpreuveForm
from .facts import SESSION, read_facts
from .modalites import check_sums, read_rule
from .reader import Report, Table
from .tree import Node

RNCP = re.compile(r"RNCP\d{3,5}\Z")
CODE_DIPLOME = re.compile(r"[A-Z0-9]{3}\d{3}[A-Z0-9]{2}\Z")
ROME = re.compile(r"[A-Z]\d{4}( - .+)?\Z")
# Rules that hold for every category which has none of its own.
ALL = "toutes"


@dataclass(frozen=True, slots=True)
class ReferentielData:
    """A version ready to be stored."""

    place: tuple[str, int]
    rncp: str
    session_from: int
    session_to: int | None
    tree: Node
    edition: int = 1
    published_on: date | None = None
    publication_reason: str = ""


def read_referentiel(data: dict[str, Any], report: Report) -> ReferentielData | None:
    """The version, or None when it has problems (all noted in the report)."""
    before = len(report.problems)
    reader = _Reader(data, report)
    tree = reader.read()
    if len(report.problems) > before:
        return None
    return ReferentielData(
        place=report.places.find(("referentiel",)),
        rncp=tree.fields["rncp"],
        session_from=tree.fields["session_from"],
        session_to=tree.fields["session_to"],
        tree=tree,
        edition=reader.edition,
        published_on=reader.published_on,
        publication_reason=reader.publication_reason,
    )


class _Reader:
    def __init__(self, data: dict[str, Any], report: Report):
        self.report = report
        self.root = Table(data, (), report)
        self.sources: dict[str, str] = {}
        self.edition = 1
        self.published_on: date | None = None
        self.publication_reason = ""

    def read(self) -> Node:
        root = self.root
        root.known |= {"nature", "base", "sources"}
        if "sources" in root:
            table = root.child("sources")
            if table is not None:
                self.sources = {key: table.text(key, max_length=300) for key in table.data}
        head = root.child("referentiel")
        fields = self.head(head) if head else {}
        blocs = self.blocs()
        unites = self.unites(blocs)
        self.epreuves(unites)
        self.competences(blocs, unites)
        fields["facts"] = read_facts(root, self.sourced, self.key)
        root.finish()
        return Node(fields, {"blocs": {bloc.fields.pop("code"): bloc for bloc in blocs.values()}})

    # --- sources ---------------------------------------------------------------------------------

    def sourced(self, table: Table) -> dict[str, Any]:
        confidence = table.choice("confidence", Confidence)
        return {
            "source": self.source(table),
            "confidence": confidence.value if confidence else "",
        }

    def source(self, table: Table, key: str = "source") -> str:
        """The source with its short names (declared in [sources]) written out."""
        text = table.text(key, max_length=300)
        told = []
        for part in filter(None, (part.strip() for part in text.split(";"))):
            name, comma, rest = part.partition(",")
            if name.strip() not in self.sources:
                table.problem(key, f"la source « {name.strip()[:60]} » n'est pas dans [sources].")
                continue
            told.append(self.sources[name.strip()] + comma + rest)
        full = " ; ".join(told)
        if len(full) > 300:
            table.problem(
                key, f"la source écrite en entier fait {len(full)} caractères (300 au plus)."
            )
        return full

    # --- the certification -----------------------------------------------------------------------

    def head(self, table: Table) -> dict[str, Any]:
        fields = {
            "rncp": table.text(
                "rncp", max_length=12, pattern=RNCP, form="RNCP suivi de 3 à 5 chiffres"
            ),
            "acronym": table.text("acronym", max_length=20),
            "title": table.text("title", max_length=200),
            "diploma": table.text("diploma", max_length=120),
            "certificateur": table.text("certificateur", max_length=200),
            "level": table.integer("level", low=1, high=8),
            "ects": table.integer("ects", low=0, high=600, required=False, default=0),
            "code_diplome": table.text(
                "code_diplome",
                max_length=8,
                pattern=CODE_DIPLOME,
                form="8 caractères comme 32031212",
            ),
            "nsf": table.text("nsf", max_length=120),
            "rome": table.texts(
                "rome",
                max_length=120,
                pattern=ROME,
                form="un code ROME, une lettre et 4 chiffres, puis son intitulé",
            ),
            "formacodes": table.texts("formacodes", max_length=120, required=False),
            "registered_from": table.day("registered_from", required=False),
            "sheet_published_on": table.day("sheet_published_on", required=False),
            "registered_until": table.day("registered_until"),
            "awarded_until": table.day("awarded_until"),
            "cycle_months": table.integer("cycle_months", low=1, high=120),
            "hours_per_year": table.decimal("hours_per_year", low="1", high="2000", places=2),
            "hours_source": self.source(table, "hours_source"),
            "session_from": table.integer("session_from", **SESSION),
            "session_to": table.integer("session_to", **SESSION, required=False),
            **self.sourced(table),
        }
        self.publication(table)
        dates = [fields[name] for name in ("registered_from", "registered_until", "awarded_until")]
        if dates[0] and dates[1] and dates[1] < dates[0]:
            table.problem("registered_until", "la fin d'enregistrement précède son début.")
        if dates[1] and dates[2] and dates[2] < dates[1]:
            table.problem(
                "awarded_until", "la dernière délivrance précède la fin d'enregistrement."
            )
        if fields["session_to"] and fields["session_from"]:
            if fields["session_to"] < fields["session_from"]:
                table.problem("session_to", "la dernière session précède la première.")
        table.finish()
        return fields

    def publication(self, table: Table) -> None:
        """Edition, and what makes the version published; without it the version is a draft."""
        self.edition = table.integer("edition", low=1, high=999, required=False, default=1)
        self.published_on = table.day("published_on", required=False)
        self.publication_reason = table.text(
            "publication_reason", max_length=300, required=self.published_on is not None
        )

    def blocs(self) -> dict[str, Node]:
        found = {}
        codes: Counter[str] = Counter()
        for position, (name, table) in enumerate(self.root.children("blocs").items(), 1):
            fields = {
                "code": table.code("code", max_length=20),
                "title": table.text("title", max_length=200),
                "is_optional": table.boolean("is_optional", default=False),
                "activities": table.texts("activities", max_length=200, required=False),
                "position": position,
                **self.sourced(table),
            }
            table.finish()
            codes[fields["code"]] += 1
            if fields["code"] and codes[fields["code"]] > 1:
                table.problem("code", f"le code « {fields['code']} » sert déjà à un autre bloc.")
            found[name] = Node(fields, {"unites": {}, "competences": {}})
        return found

    def unites(self, blocs: dict[str, Node]) -> dict[str, Node]:
        found: dict[str, Node] = {}
        for position, (code, table) in enumerate(self.root.children("unites").items(), 1):
            self.key(table, code, 8)
            bloc = self.one_of(table, "bloc", blocs)
            node = Node(
                {
                    "title": table.text("title", max_length=200),
                    "is_professional": table.boolean("is_professional", default=False),
                    "is_optional": table.boolean("is_optional", default=False),
                    "position": position,
                    **self.sourced(table),
                },
                {"epreuves": {}},
            )
            table.finish()
            found[code] = node
            if bloc and bloc.children["unites"]:
                table.problem("bloc", "ce bloc a déjà son unité : une unité par bloc.")
            elif bloc:
                bloc.children["unites"][code] = node
        for name, bloc in blocs.items():
            if not bloc.children["unites"]:
                self.report.add(("blocs", name), f"aucune unité ne correspond au bloc « {name} ».")
        return found

    # --- épreuves --------------------------------------------------------------------------------

    def epreuves(self, unites: dict[str, Node]) -> None:
        for position, (code, table) in enumerate(self.root.children("epreuves").items(), 1):
            self.key(table, code, 8)
            unite = self.one_of(table, "unite", unites)
            coefficient = table.coefficient("coefficient")
            if coefficient is None and unite and not unite.fields["is_optional"]:
                table.problem("coefficient", "une épreuve obligatoire a un coefficient.")
            node = Node(
                {
                    "title": table.text("title", max_length=200),
                    "coefficient": coefficient,
                    "position": position,
                    "grid": {},  # filled with the competences
                    **self.sourced(table),
                },
                {"rules": self.rules(table, coefficient)},
            )
            table.known.add("grille")
            table.finish()
            if unite and unite.children["epreuves"]:
                table.problem("unite", "cette unité a déjà son épreuve : une épreuve par unité.")
            elif unite:
                unite.children["epreuves"][code] = node
        for code, unite in unites.items():
            if not unite.children["epreuves"]:
                self.report.add(
                    ("unites", code), f"aucune épreuve ne sanctionne l'unité « {code} »."
                )

    def rules(self, epreuve: Table, coefficient: Decimal | None) -> dict[str, Node]:
        tables = epreuve.children("modalites")
        for name, table in tables.items():
            if name not in {ALL, *Categorie.values}:
                table.problem(
                    "",
                    f"catégorie inconnue « {name[:60]} » : admises {ALL}, {', '.join(Categorie.values)}.",
                )
        read = {name: read_rule(table, self.sourced) for name, table in tables.items()}
        for name, table in tables.items():
            check_sums(table, read[name], coefficient)
        found = {}
        for categorie in Categorie.values:
            if fields := read.get(categorie, read.get(ALL)):
                found[categorie] = Node(dict(fields))
            elif tables:
                epreuve.problem("modalites", f"aucune modalité pour la catégorie « {categorie} ».")
        return found

    # --- competences and grids -------------------------------------------------------------------

    def competences(self, blocs: dict[str, Node], unites: dict[str, Node]) -> None:
        for position, (code, table) in enumerate(
            self.root.children("competences", required=False).items(), 1
        ):
            self.key(table, code, 12)
            bloc = self.one_of(table, "bloc", blocs)
            node = Node(
                {
                    "title": table.text("title", max_length=200),
                    "position": position,
                    **self.sourced(table),
                },
                {"lines": self.lines(table, code)},
            )
            table.finish()
            if bloc:
                bloc.children["competences"][code] = node
        for bloc in blocs.values():
            for unite in bloc.children["unites"].values():
                for code, epreuve in unite.children["epreuves"].items():
                    self.grid(code, epreuve, bloc.children["competences"])

    def lines(self, competence: Table, code: str) -> dict[str, Node]:
        found: dict[str, Node] = {}
        for position, table in enumerate(competence.rows("lines", required=False), 1):
            fields = {
                "title": table.text("title", max_length=200),
                "criteres": table.texts("criteres", max_length=300, required=False),
                "position": position,
            }
            table.finish()
            line = f"{code}.{position}"
            if len(line) > 16:
                table.problem("", f"le repère « {line} » dépasse 16 caractères.")
            found[line] = Node(fields)
        return found

    def grid(self, code: str, epreuve: Node, competences: dict[str, Node]) -> None:
        raw = self.root.data["epreuves"][code]
        table = Table(raw, ("epreuves", code), self.report).child("grille", required=False)
        if table is None:
            return
        always = table.texts("always", max_length=12, among=competences)
        one_of = table.texts("one_of", max_length=12, required=False, among=competences)
        grid = {
            "always": always,
            "one_of": one_of,
            "choice_situation": table.code("choice_situation", max_length=8, required=bool(one_of)),
            **self.sourced(table),
        }
        if len(one_of) == 1:
            table.problem("one_of", "un choix demande au moins deux compétences.")
        if double := set(always) & set(one_of):
            table.problem("one_of", f"« {min(double)} » est à la fois imposée et au choix.")
        for name in (*always, *one_of):
            if not competences[name].children["lines"]:
                table.problem("always", f"la compétence « {name} » n'a pas de ligne à évaluer.")
        situations = {
            part["code"]
            for rule in epreuve.children["rules"].values()
            if rule.fields["form"] == EpreuveForm.CCF
            for part in rule.fields["parts"]
        }
        if grid["choice_situation"] and grid["choice_situation"] not in situations:
            table.problem(
                "choice_situation", "cette situation n'existe dans aucun CCF de l'épreuve."
            )
        table.finish()
        epreuve.fields["grid"] = grid

    # --- helpers ---------------------------------------------------------------------------------

    def key(self, table: Table, name: str, max_length: int) -> None:
        if len(name) > max_length or not re.match(r"[A-Za-z0-9_]+\Z", name):
            table.problem(
                "", f"« {name[:60]} » : un nom de table a {max_length} lettres sans accent au plus."
            )

    def one_of(self, table: Table, key: str, among: dict[str, Node]) -> Node | None:
        name = table.code(key, max_length=20)
        if name and name not in among:
            table.problem(key, f"« {name} » n'existe pas ; admis : {', '.join(among) or 'rien'}.")
        return among.get(name)
