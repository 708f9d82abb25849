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
    is_first = cfa is not None and not Referentiel.objects.exists()
    bundle = _bundle()
    own = [data for data in bundle.programmes if data.cfa["slug"] == cfa_slug]
    own = own or [_for_other_cfa(cfa_slug)]
    if is_first and cfa_slug in _written:
        _write_again(cfa_slug, cfa)
    else:
        load_programmes(bundle=Bundle(bundle.referentiels, own, []), create_cfas=True)
    if is_first and cfa_slug not in _written:
        _keep(cfa_slug)
    return CfaProgramme.objects.select_related("cfa", "referentiel").get(slug=own[0].slug)


def _keep(cfa_slug: str) -> None:
    _written[cfa_slug] = {
        model: list(model._base_manager.values())
        for model in apps.get_app_config("programmes").get_models()
    }
    told = Event.objects.filter(
        subject__in=[model._meta.label_lower for model in _written[cfa_slug]]
    )
    _written[cfa_slug][Event] = list(told.values())


def _write_again(cfa_slug: str, cfa: Cfa) -> None:
    for model, rows in _written[cfa_slug].items():
        again = [
            model(**(row if "cfa_id" not in row else row | {"cfa_id": row["cfa_id"] and cfa.pk}))
            for row in rows
        ]
        models.QuerySet(model).bulk_create(again)  # past the guards of what is published


@cache
def _for_other_cfa(cfa_slug: str) -> ProgrammeData:
    data = next(data for data in _bundle().programmes if data.cfa["slug"] == "lz-formation")
    slug = f"{cfa_slug}-ndrc"[:50]
    tree = deepcopy(data.tree)
    tree.fields["slug"] = slug
    return replace(data, slug=slug, cfa={"slug": cfa_slug, "name": cfa_slug}, tree=tree)
