"""How far the properties look: enough to catch a slip at each run; `--hypothesis-profile thorough` further.

Where CI is set the same cases are drawn each time: a commit is green or red by itself. New cases are
for the desk, where a draw that fails is kept as an @example.

A plugin of its own too: the rules are tested without Django, its fixtures and the conftests.
"""

import gc
import os

from hypothesis import settings

always_the_same = bool(os.environ.get("CI"))
settings.register_profile("suite", max_examples=20, deadline=None, derandomize=always_the_same)
settings.register_profile("thorough", max_examples=2000, deadline=None)
settings.load_profile("suite")


def pytest_collection_finish() -> None:
    """Modules, models and tests live until the end: let the collector look at the rest only."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
