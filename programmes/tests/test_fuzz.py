"""Mutilated files: the command refuses them in plain words, or accepts them; it never breaks."""

import random
import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from programmes.loader import read_bundle
from programmes.tests.test_loader import FILES, folder

__all__ = ["folder"]

VALUES = [
    '""', '"x"', "0", "-1", "3.7", "1e400", "nan", "inf", "true", "[]", "[[]]", "{}", "[1, 'a']",
    "2026-02-28", "2026-02-28T10:00:00", "10:00:00", '"\\u0000"', '"' + "é" * 400 + '"', "{ a = 1 }",
    "9" * 400, "0x" + "f" * 4000, '"RNCP1"', '"toutes"', '["C1", "C1"]', "1e-400", '"C1.1"', "[{}]",
]  # fmt: skip


def mutate(text: str, rng: random.Random) -> bytes:
    """One to three injuries: cut, double, swap, replace a value, rename a key, insert rubbish."""
    raw = text
    for _ in range(rng.randint(1, 3)):
        lines = raw.split("\n")
        index = rng.randrange(len(lines))
        other = rng.randrange(len(lines))
        kind = rng.randrange(9)
        if kind == 0:
            del lines[index : index + rng.randint(1, 12)]
        elif kind == 1:
            lines.insert(other, lines[index])
        elif kind == 2:
            lines[index], lines[other] = lines[other], lines[index]
        elif kind == 3:
            pairs = [i for i, line in enumerate(lines) if re.match(r"\s*\w+ = ", line)]
            at = rng.choice(pairs) if pairs else index
            lines[at] = re.sub(r"= .*", lambda _: f"= {rng.choice(VALUES)}", lines[at], count=1)
        elif kind == 4:
            lines[index] = lines[index].replace("e", rng.choice(["", "E", "é", '"', "\\", "]"]), 1)
        elif kind == 5:
            heads = [i for i, line in enumerate(lines) if line.startswith("[")]
            at = rng.choice(heads) if heads else index
            lines[at] = rng.choice(
                [lines[at][1:], f"[{lines[at]}]", "[x]", "[[facts]]", "[epreuves]"]
            )
        elif kind == 6:
            lines[index] = "".join(rng.sample(lines[index], len(lines[index])))
        elif kind == 7:
            lines[index] = lines[index][: len(lines[index]) // 2]
        else:
            lines.insert(
                index, rng.choice(["\0", "\x1b[31m", "= 3", "[", "'''", "a.b.c = 1", "\ufeff"])
            )
        raw = "\n".join(lines) or "\n"
    encoded = raw.encode("utf-8")
    if rng.random() < 0.1:
        at = rng.randrange(len(encoded))
        encoded = encoded[:at] + bytes(rng.randrange(256) for _ in range(3)) + encoded[at + 1 :]
    return encoded


@pytest.mark.parametrize("name", sorted(FILES))
def test_ten_injuries_of_each_file_are_told_or_harmless(folder, name):
    rng = random.Random(name)
    text = FILES[name].read_text()
    counts = {"refused": 0, "read": 0}
    for _ in range(10):
        (folder / name).write_bytes(mutate(text, rng))
        bundle = read_bundle([folder])
        for problem in bundle.problems:
            assert problem.line >= 1
            assert problem.file.endswith(".toml")
            assert problem.message.endswith((".", "?", "]"))
        counts["refused" if bundle.problems else "read"] += 1
    assert counts["refused"] > 2, counts


@pytest.mark.django_db
def test_the_command_survives_12_injured_sets(folder):
    call_command("load_programmes", str(folder), create_cfas=True, stdout=StringIO())
    rng = random.Random(20261121)
    names = sorted(FILES)
    told = 0
    for _ in range(12):
        name = rng.choice(names)
        (folder / name).write_bytes(mutate(FILES[name].read_text(), rng))
        try:
            call_command(
                "load_programmes", str(folder), dry_run=rng.random() < 0.5, stdout=StringIO()
            )
        except CommandError as error:
            told += "rien n'a été chargé" in str(error)
        (folder / name).write_text(FILES[name].read_text())
    assert told > 3
