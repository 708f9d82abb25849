"""The real référentiel and programmes, for the tests of all apps."""

from copy import deepcopy
from dataclasses import replace
from functools import cache

from programmes.actions import load_programmes
from programmes.loader import Bundle, read_bundle
from programmes.loader.files import DATA, DEMO
from programmes.loader.programme import ProgrammeData
from programmes.models import CfaProgramme


@cache
def _bundle() -> Bundle:
    bundle = read_bundle([DATA, DATA / DEMO])
    assert not bundle.problems, bundle.problems
    return bundle


def load_ndrc(cfa_slug: str = "lz-formation") -> CfaProgramme:
    """Load the real data of NDRC and the programme of one CFA; about 40 ms in an empty database.

    `lz-formation` and `cfa-des-tilleuls` have their own programme; any other CFA receives that of LZ Formation
    as its own. The Cfa is the existing one of that slug, else it is created. Calling it again changes nothing.
    """
    bundle = _bundle()
    own = [data for data in bundle.programmes if data.cfa["slug"] == cfa_slug]
    if not own:
        own = [_for_other_cfa(cfa_slug)]
    load_programmes(bundle=Bundle(bundle.referentiels, own, []), create_cfas=True)
    return CfaProgramme.objects.select_related("cfa", "referentiel").get(slug=own[0].slug)


def _for_other_cfa(cfa_slug: str) -> ProgrammeData:
    data = next(data for data in _bundle().programmes if data.cfa["slug"] == "lz-formation")
    slug = f"{cfa_slug}-ndrc"[:50]
    tree = deepcopy(data.tree)
    tree.fields["slug"] = slug
    return replace(data, slug=slug, cfa={"slug": cfa_slug, "name": cfa_slug}, tree=tree)
