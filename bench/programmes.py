"""Référentiels and programmes: time to load everything, and the loader under 500 mutilated files."""

import json
import os
import random
import sys
import tempfile
import time
from io import StringIO
from pathlib import Path

import django

FILES = 500


def tell(name: str, value: float, goal: float, unit: str) -> bool:
    held = value <= goal
    print(
        json.dumps(
            {"name": name, "value": round(value, 3), "goal": goal, "unit": unit, "held": held}
        )
    )
    return held


def everything() -> list[list[tuple]]:
    """Every row of the app, to see that a refused file has written nothing."""
    from django.apps import apps

    return [
        list(model._base_manager.order_by("pk").values_list())
        for model in apps.get_app_config("programmes").get_models()
    ]


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ndrc_cfa.settings.dev")
    django.setup()
    from django.core.management import CommandError, call_command

    from programmes.loader.files import DATA
    from programmes.tests.test_fuzz import mutate

    call_command("migrate", verbosity=0)
    start = time.perf_counter()
    call_command("load_programmes", DATA, DATA / "demo", create_cfas=True, stdout=StringIO())
    held = tell("load_everything", time.perf_counter() - start, 3, "s")
    start = time.perf_counter()
    call_command("load_programmes", DATA, DATA / "demo", stdout=StringIO())
    held &= tell("load_again", time.perf_counter() - start, 3, "s")

    texts = {file.name: file.read_text() for file in DATA.rglob("*.toml")}
    rng = random.Random(2026)
    refused = tracebacks = partial = 0
    with tempfile.TemporaryDirectory() as folder:
        for name, text in texts.items():
            (Path(folder) / name).write_text(text)
        for number in range(FILES):
            name = sorted(texts)[number % len(texts)]
            (Path(folder) / name).write_bytes(mutate(texts[name], rng))
            before = everything()
            try:
                call_command("load_programmes", folder, stdout=StringIO())
            except CommandError:
                refused += 1
                partial += everything() != before
            except Exception as error:
                tracebacks += 1
                print(f"{name}: {type(error).__name__}: {error}", file=sys.stderr)
            (Path(folder) / name).write_text(texts[name])
    held &= tell("fuzz_tracebacks", tracebacks, 0, f"of {FILES} files")
    held &= tell("fuzz_partial_loads", partial, 0, f"of {refused} refused")
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
