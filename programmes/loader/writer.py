"""A version of a référentiel written back as the data file that the loader reads."""

from datetime import date
from decimal import Decimal
from typing import Any

from .tree import Node

HEAD = (
    "rncp", "acronym", "title", "diploma", "certificateur", "level", "ects", "code_diplome", "nsf",
    "rome", "formacodes", "registered_from", "sheet_published_on", "registered_until",
    "awarded_until", "cycle_months", "hours_per_year", "session_from", "session_to",
)  # fmt: skip

RULE = ("form", "duration_minutes", "preparation_minutes", "situations", "parts")


def write_referentiel(tree: Node, *, edition: int) -> str:
    """TOML text; reading it again gives the same tree."""
    return _Writer(edition).write(tree)


class _Writer:
    def __init__(self, edition: int):
        self.edition = edition
        self.sources: dict[str, str] = {}
        self.lines: list[str] = []

    def write(self, tree: Node) -> str:
        fields = tree.fields
        self.table("referentiel", {name: fields[name] for name in HEAD})
        self.pair("edition", self.edition)
        self.pair("hours_source", self.source(fields["hours_source"]))
        self.sourced(fields)
        blocs = sorted(tree.children["blocs"].items(), key=_rank)
        names = {code: f"B{n}" for n, (code, _) in enumerate(blocs, 1)}
        for code, bloc in blocs:
            row = bloc.fields
            self.table(
                f"blocs.{names[code]}",
                {
                    "code": code,
                    "title": row["title"],
                    "is_optional": row["is_optional"],
                    "activities": row["activities"],
                },
            )
            self.sourced(row)
        self.units(blocs, names)
        self.competences(blocs, names)
        self.facts(fields["facts"])
        head = ['nature = "version"', "", "[sources]"]
        head += [f"{name} = {_value(text)}" for text, name in self.sources.items()]
        return "\n".join([*head, *self.lines]) + "\n"

    def units(self, blocs: list[tuple[str, Node]], names: dict[str, str]) -> None:
        units = [
            (unite_code, unite, names[code])
            for code, bloc in blocs
            for unite_code, unite in bloc.children["unites"].items()
        ]
        units.sort(key=lambda row: row[1].fields["position"])
        for code, unite, bloc_name in units:
            keys = ("title", "is_professional", "is_optional")
            values = {key: unite.fields[key] for key in keys}
            self.table(f"unites.{code}", {"bloc": bloc_name, **values})
            self.sourced(unite.fields)
        epreuves = [
            (epreuve_code, epreuve, code)
            for code, unite, _ in units
            for epreuve_code, epreuve in unite.children["epreuves"].items()
        ]
        for code, epreuve, unite_code in sorted(epreuves, key=lambda r: r[1].fields["position"]):
            fields = epreuve.fields
            self.table(
                f"epreuves.{code}",
                {
                    "unite": unite_code,
                    "title": fields["title"],
                    "coefficient": fields["coefficient"],
                },
            )
            self.sourced(fields)
            for categorie, rule in epreuve.children["rules"].items():
                self.table(
                    f"epreuves.{code}.modalites.{categorie}",
                    {key: rule.fields[key] for key in RULE},
                )
                self.sourced(rule.fields)
            if grid := fields["grid"]:
                keys = ("always", "one_of", "choice_situation")
                self.table(f"epreuves.{code}.grille", {key: grid[key] for key in keys})
                self.sourced(grid)

    def competences(self, blocs: list[tuple[str, Node]], names: dict[str, str]) -> None:
        rows = [
            (competence_code, competence, names[code])
            for code, bloc in blocs
            for competence_code, competence in bloc.children["competences"].items()
        ]
        for code, competence, bloc_name in sorted(rows, key=lambda r: r[1].fields["position"]):
            lines = sorted(competence.children["lines"].items(), key=_rank)
            self.table(
                f"competences.{code}", {"bloc": bloc_name, "title": competence.fields["title"]}
            )
            self.sourced(competence.fields)
            for _, line in lines:
                keys = ("title", "criteres")
                self.table(
                    f"competences.{code}.lines",
                    {key: line.fields[key] for key in keys},
                    brackets="[[{}]]",
                )

    def facts(self, facts: dict[str, Any]) -> None:
        for code, fact in facts.items():
            self.table(f"facts.{code}", {"title": fact["title"]})
            for row in fact["values"]:
                keys = ("value", "session_from", "session_to")
                self.table(
                    f"facts.{code}.values", {key: row[key] for key in keys}, brackets="[[{}]]"
                )
                self.sourced(row)

    def table(self, name: str, values: dict[str, Any], brackets: str = "[{}]") -> None:
        self.lines += ["", brackets.format(name)]
        for key, value in values.items():
            # An empty text, list or table is left out; a false or a zero is said.
            if value is not None and value != "" and value != [] and value != {}:
                self.pair(key, value)

    def pair(self, key: str, value: Any) -> None:
        self.lines.append(f"{key} = {_value(value)}")

    def sourced(self, row: dict[str, Any]) -> None:
        self.pair("source", self.source(row["source"]))
        self.pair("confidence", row["confidence"])

    def source(self, text: str) -> str:
        return self.sources.setdefault(text, f"S{len(self.sources) + 1}")


def _rank(row: tuple[str, Node]) -> int:
    return row[1].fields["position"]


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, int | float):
        return repr(value) if value != int(value) else str(int(value))
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return "[" + ", ".join(_value(item) for item in value) + "]"
    if isinstance(value, dict):
        pairs = ", ".join(f"{key} = {_value(item)}" for key, item in value.items())
        return "{ " + pairs + " }"
    escaped = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return '"' + escaped.replace("\n", "\\n").replace("\t", "\\t") + '"'
