"""The real référentiel and programmes, for the tests of all apps."""

from copy import deepcopy
from dataclasses import replace
from functools import cache
from typing import Any

from django.apps import apps
from django.db import models

from accounts.models import Cfa, Event
from programmes.actions import load_programmes
from programmes.loader import Bundle, read_bundle
from programmes.loader.files import DATA, DEMO
from programmes.loader.programme import ProgrammeData
from programmes.models import CfaProgramme, Referentiel


@cache
def _bundle() -> Bundle:
    bundle = read_bundle([DATA, DATA / DEMO])
    assert not bundle.problems, bundle.problems
    return bundle


# slug of the CFA -> the rows that the first loading wrote, by model
_written: dict[str, dict[type[models.Model], list[dict[str, Any]]]] = {}


def load_ndrc(cfa_slug: str = "lz-formation") -> CfaProgramme:
    """Load the real data of NDRC and the programme of one CFA.

    `lz-formation` and `cfa-des-tilleuls` have their own programme; any other CFA receives that of LZ Formation
    as its own. The Cfa is the existing one of that slug, else it is created. Calling it again changes nothing.

    Hundreds of tests begin here: in a database without programmes, what the first loading wrote for this CFA
    is written again as it was, five times sooner.
    """
    cfa = Cfa.objects.filter(slug=cfa_slug).first()
    own = [data for data in _bundle().programmes if data.cfa["slug"] == cfa_slug]
    own = own or [_for_other_cfa(cfa_slug)]
    if cfa and not Referentiel.objects.exists():
        if cfa_slug in _written:
            _write_again(cfa)
        else:
            _load(own)
            _keep(cfa)
    else:
        _load(own)
    return CfaProgramme.objects.select_related("cfa", "referentiel").get(slug=own[0].slug)


def _load(programmes: list[ProgrammeData]) -> None:
    load_programmes(bundle=Bundle(_bundle().referentiels, programmes, []), create_cfas=True)


def _keep(cfa: Cfa) -> None:
    written = list(apps.get_app_config("programmes").get_models())
    told = Event.objects.filter(subject__in=[model._meta.label_lower for model in written])
    _written[cfa.slug] = {
        **{model: [*model._base_manager.values()] for model in written},
        Event: [{**row} for row in told.values()],
    }


def _write_again(cfa: Cfa) -> None:
    for model, rows in _written[cfa.slug].items():
        own = [{**row, "cfa_id": cfa.pk} if row.get("cfa_id") else row for row in rows]
        past_the_guards: models.QuerySet[Any] = models.QuerySet(model)
        past_the_guards.bulk_create(model(**row) for row in own)


@cache
def _for_other_cfa(cfa_slug: str) -> ProgrammeData:
    data = next(data for data in _bundle().programmes if data.cfa["slug"] == "lz-formation")
    slug = f"{cfa_slug}-ndrc"[:50]
    tree = deepcopy(data.tree)
    tree.fields["slug"] = slug
    return replace(data, slug=slug, cfa={"slug": cfa_slug, "name": cfa_slug}, tree=tree)
