"""The trees of the loader in the database: read them back, write what differs, row by natural key.

A row that stays keeps its identity (marks, sheets and cohorts hang on it): it is updated in place, never
deleted and created again.
"""

from dataclasses import dataclass
from typing import Any

from django.db import models

from .loader import Node
from .models import (
    AnnouncedEpreuve,
    Bloc,
    CfaProgramme,
    Competence,
    Epreuve,
    EpreuveRule,
    ProgrammeSection,
    Referentiel,
    SousCompetence,
    Subject,
    Unite,
)


@dataclass(frozen=True, slots=True)
class Level:
    """How the children of one relation of a `Node` are kept."""

    relation: str
    model: type[models.Model]
    parent: str
    key: str
    # Lookup from the row to the root of the tree.
    under: str
    # The key is unique in the whole tree: a row may move from one parent to another.
    can_move: bool = True
    # Foreign key to the root, when the row has one beside its parent.
    root: str = ""
    levels: tuple["Level", ...] = ()

    @property
    def fields(self) -> list[str]:
        return value_fields(self.model, self.key)


REFERENTIEL: tuple[Level, ...] = (
    Level(
        "blocs",
        Bloc,
        "referentiel",
        "code",
        "referentiel",
        levels=(
            Level(
                "unites",
                Unite,
                "bloc",
                "code",
                "referentiel",
                root="referentiel",
                levels=(
                    Level(
                        "epreuves",
                        Epreuve,
                        "unite",
                        "code",
                        "referentiel",
                        root="referentiel",
                        levels=(
                            Level(
                                "rules",
                                EpreuveRule,
                                "epreuve",
                                "categorie",
                                "epreuve__referentiel",
                                can_move=False,
                            ),
                        ),
                    ),
                ),
            ),
            Level(
                "competences",
                Competence,
                "bloc",
                "code",
                "bloc__referentiel",
                levels=(
                    Level(
                        "lines",
                        SousCompetence,
                        "competence",
                        "code",
                        "competence__bloc__referentiel",
                    ),
                ),
            ),
        ),
    ),
)
PROGRAMME: tuple[Level, ...] = (
    Level("sections", ProgrammeSection, "programme", "code", "programme"),
    Level("subjects", Subject, "programme", "code", "programme"),
    Level("announced_epreuves", AnnouncedEpreuve, "programme", "code", "programme"),
)
# What belongs to the life of the row in the application, not to the file.
HIDDEN = {
    "uuid",
    "checksum",
    "edition",
    "state",
    "published_at",
    "publication_reason",
    "edited_at",
}


def value_fields(model: type[models.Model], key: str = "") -> list[str]:
    """The columns that hold values of the files: no identity, no foreign key."""
    return [
        field.name
        for field in model._meta.concrete_fields
        if not field.is_relation
        and not field.primary_key
        and field.name != key
        and field.name not in HIDDEN
    ]


def dump(root: Referentiel | CfaProgramme) -> Node:
    """What the database holds, in the form that the loader reads."""
    levels = REFERENTIEL if isinstance(root, Referentiel) else PROGRAMME
    node = Node(_values(root, value_fields(type(root))))
    _dump(levels, {root.pk: node}, root)
    return node


def _dump(levels: tuple[Level, ...], parents: dict[int, Node], root: models.Model) -> None:
    for level in levels:
        for parent in parents.values():
            parent.children[level.relation] = {}
        nodes: dict[int, Node] = {}
        for row in _rows(level, root):
            node = Node(_values(row, level.fields))
            parents[getattr(row, f"{level.parent}_id")].children[level.relation][
                getattr(row, level.key)
            ] = node
            nodes[row.pk] = node
        _dump(level.levels, nodes, root)


def write(root: Referentiel | CfaProgramme, tree: Node) -> None:
    """Make the rows under `root` those of the tree. Call it in a transaction."""
    if isinstance(root, Referentiel):
        _align_blocs(root, tree)
        levels = REFERENTIEL
    else:
        levels = PROGRAMME
    _write(levels, [(root, tree)], root)


def _write(
    levels: tuple[Level, ...], parents: list[tuple[models.Model, Node]], root: models.Model
) -> None:
    for level in levels:
        rows = {_identity(level, row): row for row in _rows(level, root)}
        wanted = [
            (parent, key, node)
            for parent, parent_node in parents
            for key, node in parent_node.children[level.relation].items()
        ]
        kept = {key if level.can_move else (parent.pk, key) for parent, key, _ in wanted}
        if gone := [row.pk for identity, row in rows.items() if identity not in kept]:
            level.model._default_manager.filter(pk__in=gone).delete()
        new, changed, pairs = [], [], []
        for parent, key, node in wanted:
            row = rows.get(key if level.can_move else (parent.pk, key))
            values = {**node.fields, level.parent: parent}
            if row is None:
                row = level.model(**values, **{level.key: key})
                if level.root:
                    setattr(row, level.root, root)
                new.append(row)
            elif _update(row, values):
                changed.append(row)
            pairs.append((row, node))
        level.model._default_manager.bulk_create(new)
        if changed:
            level.model._default_manager.bulk_update(changed, [*level.fields, level.parent])
        _write(level.levels, pairs, root)


def _rows(level: Level, root: models.Model) -> models.QuerySet:
    # Each model orders its rows by position, or by parent; only the order of the keys shows.
    return level.model._default_manager.filter(**{level.under: root}).order_by(level.key, "pk")


def _identity(level: Level, row: models.Model) -> Any:
    key = getattr(row, level.key)
    return key if level.can_move else (getattr(row, f"{level.parent}_id"), key)


def _values(row: models.Model, fields: list[str]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in fields}


def _update(row: models.Model, values: dict[str, Any]) -> bool:
    """Set what differs; True when something does."""
    differing = {name: value for name, value in values.items() if getattr(row, name) != value}
    for name, value in differing.items():
        setattr(row, name, value)
    return bool(differing)


def _align_blocs(referentiel: Referentiel, tree: Node) -> None:
    """Follow each bloc by its unit: the official code of a bloc may be mended without losing its competences."""
    wanted = {
        unite: code
        for code, bloc in tree.children["blocs"].items()
        for unite in bloc.children["unites"]
    }
    blocs = list(referentiel.blocs.select_related("unite"))
    gone = [bloc.pk for bloc in blocs if bloc.unite.code not in wanted]
    Bloc.objects.filter(pk__in=gone).delete()
    renamed = [
        bloc for bloc in blocs if bloc.unite.code in wanted and wanted[bloc.unite.code] != bloc.code
    ]
    for code_of in (lambda bloc: f"~{bloc.pk}", lambda bloc: wanted[bloc.unite.code]):
        for bloc in renamed:
            bloc.code = code_of(bloc)
        Bloc.objects.bulk_update(renamed, ["code"])
