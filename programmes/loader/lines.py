"""On which line each key of a TOML text stands: tomllib reads values and forgets where they were."""

import tomllib
from bisect import bisect_right

Path = tuple[str | int, ...]


def key_lines(text: str) -> dict[Path, int]:
    """Line (from 1) of each table, key and array element of a text that tomllib accepts."""
    return _Scanner(text).run()


class _Scanner:
    def __init__(self, text: str):
        self.text = text
        self.pos = 0
        self.lines: dict[Path, int] = {(): 1}
        self.starts = [0, *(i + 1 for i, c in enumerate(text) if c == "\n")]
        self.counts: dict[Path, int] = {}

    def run(self) -> dict[Path, int]:
        table: Path = ()
        while self.skip(" \t\r\n"):
            here = self.pos
            if self.text.startswith("[[", here):
                self.pos += 2
                table = self.enter_array_table(self.key())
                self.pos += 2
                self.mark(table, here)
            elif self.text[here] == "[":
                self.pos += 1
                table = self.resolve(self.key())
                self.pos += 1
                self.mark(table, here)
            else:
                self.pair(table)
        return self.lines

    def mark(self, path: Path, pos: int) -> None:
        line = bisect_right(self.starts, pos)
        for size in range(1, len(path) + 1):
            self.lines.setdefault(path[:size], line)

    def skip(self, blanks: str) -> bool:
        """Go past blanks and comments; False at the end of the text."""
        while self.pos < len(self.text):
            char = self.text[self.pos]
            if char == "#":
                end = self.text.find("\n", self.pos)
                self.pos = len(self.text) if end < 0 else end
            elif char in blanks:
                self.pos += 1
            else:
                return True
        return False

    def resolve(self, path: Path) -> Path:
        """Put the index of the current element after each array of tables met on the way."""
        found: Path = ()
        for part in path:
            found = (*found, part)
            if found in self.counts:
                found = (*found, self.counts[found] - 1)
        return found

    def enter_array_table(self, path: Path) -> Path:
        array = (*self.resolve(path[:-1]), path[-1])
        index = self.counts.get(array, 0)
        self.counts[array] = index + 1
        return (*array, index)

    def key(self) -> Path:
        parts: list[str] = []
        while True:
            self.skip(" \t")
            start = self.pos
            if self.text[start] in "\"'":
                self.string()
                parts.append(tomllib.loads(f"k = {self.text[start : self.pos]}")["k"])
            else:
                while self.text[self.pos].isalnum() or self.text[self.pos] in "-_":
                    self.pos += 1
                parts.append(self.text[start : self.pos])
            self.skip(" \t")
            if self.text[self.pos] != ".":
                return tuple(parts)
            self.pos += 1

    def pair(self, table: Path) -> None:
        here = self.pos
        path = (*table, *self.key())
        self.pos += 1  # the equals sign
        self.skip(" \t")
        self.mark(path, here)
        self.value(path)

    def value(self, path: Path) -> None:
        char = self.text[self.pos]
        if char in "\"'":
            self.string()
        elif char == "[":
            self.array(path)
        elif char == "{":
            self.inline_table(path)
        else:
            while self.pos < len(self.text) and self.text[self.pos] not in ",]}#\n":
                self.pos += 1

    def array(self, path: Path) -> None:
        self.pos += 1
        index = 0
        while self.skip(" \t\r\n,") and self.text[self.pos] != "]":
            self.mark((*path, index), self.pos)
            self.value((*path, index))
            index += 1
        self.pos += 1

    def inline_table(self, path: Path) -> None:
        self.pos += 1
        while self.skip(" \t\r\n,") and self.text[self.pos] != "}":
            self.pair(path)
        self.pos += 1

    def string(self) -> None:
        quote = self.text[self.pos]
        if self.text.startswith(quote * 3, self.pos):
            end = self.pos + 3
            while not self.text.startswith(quote * 3, end):
                end += 2 if quote == '"' and self.text[end] == "\\" else 1
            end += 3
            while self.text.startswith(quote, end):  # a text may end with one or two quotes
                end += 1
            self.pos = end
            return
        end = self.pos + 1
        while self.text[end] != quote:
            end += 2 if quote == '"' and self.text[end] == "\\" else 1
        self.pos = end + 1
