import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programmes.loader.files import DATA
from programmes.loader.lines import key_lines

TEXT = '''# comment with [brackets] = "and equals"
title = "a # b"   # after
multi = """
first = 1
[not.a.table]
"""
literal = \'\'\'
it's = 2
\'\'\'
"quoted.key" = 'x]'
a.b.c = [1, [2,
  3], { k = "]", l = 4 }]

[table]
x = 1
  [table.sub] # deeper
  y = { z = [
    "one",
    "two", # with comment ]
  ] }
[[rows]]
n = 1
[[rows.inner]]
m = 1
[[rows]]
n = 2
[rows.extra]
o = 3
'''

PLACES = [
    (("title",), 2),
    (("multi",), 3),
    (("literal",), 7),
    (("quoted.key",), 10),
    (("a",), 11),
    (("a", "b", "c"), 11),
    (("a", "b", "c", 1), 11),
    (("a", "b", "c", 1, 1), 12),
    (("a", "b", "c", 2, "l"), 12),
    (("table",), 14),
    (("table", "x"), 15),
    (("table", "sub"), 16),
    (("table", "sub", "y", "z", 0), 18),
    (("table", "sub", "y", "z", 1), 19),
    (("rows", 0), 21),
    (("rows", 0, "n"), 22),
    (("rows", 0, "inner", 0, "m"), 24),
    (("rows", 1), 25),
    (("rows", 1, "n"), 26),
    (("rows", 1, "extra", "o"), 28),
]


@pytest.mark.parametrize(("path", "line"), PLACES, ids=[str(p) for p, _ in PLACES])
def test_each_key_is_found_on_its_line(path, line):
    tomllib.loads(TEXT)
    assert key_lines(TEXT)[path] == line


def paths_of(value, path=()):
    yield path
    if isinstance(value, dict):
        for key, child in value.items():
            yield from paths_of(child, (*path, key))
    elif isinstance(value, list):
        for index, child in enumerate(value):
            yield from paths_of(child, (*path, index))


@pytest.mark.parametrize("file", sorted(DATA.rglob("*.toml")), ids=lambda file: file.name)
def test_every_value_of_the_shipped_files_is_found(file):
    text = file.read_text()
    found = key_lines(text)
    assert set(paths_of(tomllib.loads(text))) == set(found)
    lines = text.splitlines()
    for path, line in found.items():
        if path and isinstance(path[-1], str):
            assert path[-1] in lines[line - 1]


KEY = st.text("abc_-", min_size=1, max_size=4)
STRING = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=12)


def written(value):
    """Any value in TOML, on one line."""
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if isinstance(value, list):
        return "[" + ", ".join(map(written, value)) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{k} = {written(v)}" for k, v in value.items()) + "}"
    return str(value).lower()


VALUE = st.recursive(
    st.integers() | st.booleans() | STRING,
    lambda child: st.lists(child, max_size=3) | st.dictionaries(KEY, child, max_size=3),
    max_leaves=6,
)


@given(st.lists(st.tuples(KEY, VALUE), max_size=6, unique_by=lambda pair: pair[0]))
def test_any_flat_file_is_followed_line_by_line(pairs):
    text = "\n".join(f"{key} = {written(value)} # ]}}'" for key, value in pairs)
    found = key_lines(text)
    assert set(paths_of(tomllib.loads(text))) == set(found)
    for line, (key, _) in enumerate(pairs, 1):
        assert found[(key,)] == line
