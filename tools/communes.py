"""Write `apprentices/data/communes.csv.gz` again, once a year, when the INSEE's code changes.

    npm pack @etalab/decoupage-administratif && tar xzf etalab-decoupage-administratif-*.tgz
    .venv/bin/python -m tools.communes package/data/communes.json

The package is the Code officiel géographique of the INSEE with La Poste's postcodes (Licence Ouverte).
Former communes keep their line: people were born there.
"""

import gzip
import json
import sys
from pathlib import Path

TARGET = Path(__file__).resolve().parent.parent / "apprentices" / "data" / "communes.csv.gz"
LIVING = ("commune-actuelle", "arrondissement-municipal")


def main(source: str) -> None:
    communes = json.loads(Path(source).read_text(encoding="utf-8"))
    rows: dict[str, tuple[str, str, str, str]] = {}
    # A commune of today after the former one of the same code, which it replaces.
    for commune in sorted(communes, key=lambda c: c["type"] in LIVING):
        former = "" if commune["type"] in LIVING else "1"
        postcodes = " ".join(commune.get("codesPostaux", []))
        rows[commune["code"]] = (commune["code"], commune["nom"], postcodes, former)
    text = "".join(";".join(row) + "\n" for _, row in sorted(rows.items()))
    TARGET.write_bytes(gzip.compress(text.encode("utf-8"), 9, mtime=0))
    print(f"{len(rows)} communes, {TARGET.stat().st_size} octets")


if __name__ == "__main__":
    main(sys.argv[1])
