"""How far the properties look: enough to catch a slip at each run; `--hypothesis-profile thorough` further.

A plugin of its own too: the rules are tested without Django, its fixtures and the conftests.
"""

import gc

from hypothesis import settings

settings.register_profile("suite", max_examples=40, deadline=None)
settings.register_profile("thorough", max_examples=2000, deadline=None)
settings.load_profile("suite")


def pytest_collection_finish() -> None:
    """Modules, models and tests live until the end: let the collector look at the rest only."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
