"""The exam decision against its naive twin on many random candidates, and how long 10,000 take."""

import argparse
import json
import time
from collections import Counter

import django

django.setup()

from evaluations.exam.rules import decide
from evaluations.exam.rules.candidate import Refused
from evaluations.exam.rules.reading import read_row
from evaluations.exam.shipped import shipped_reglement
from evaluations.tests.exam_candidates import differences, rows

CANDIDATES = 100_000
TIMED = 10_000


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--candidates", type=int, default=CANDIDATES)
    parser.add_argument("--seed", type=int, default=6)
    parser.add_argument("--full", action="store_true")
    options = parser.parse_args()
    known = {session: shipped_reglement(session) for session in range(2015, 2040)}
    wrong = []
    start = time.perf_counter()
    for row in rows(options.candidates, options.seed):
        wrong += differences(row, known.get)
    print(
        json.dumps(
            {
                "bench": "exam_naive_twin",
                "candidates": options.candidates,
                "differences": len(wrong),
                "goal": 0,
                "seconds": round(time.perf_counter() - start, 1),
                "first": wrong[:1],
            },
            ensure_ascii=False,
        ),
        flush=True,
    )
    seconds, decisions = time_decisions(known, options.seed + 1)
    print(
        json.dumps(
            {
                "bench": "exam_decisions",
                "decisions": TIMED,
                "seconds": round(seconds, 3),
                "goal": 1.0,
                "by_decision": dict(decisions),
            }
        ),
        flush=True,
    )
    return 1 if wrong or seconds > 1 else 0


def time_decisions(known, seed: int) -> tuple[float, Counter]:
    """Decisions with all their sentences, on candidates already read."""
    candidates = []
    for row in rows(TIMED * 3, seed):
        try:
            pair = read_row(row, known.get)
            decide(*pair)
        except Refused:
            continue
        candidates.append(pair)
        if len(candidates) == TIMED:
            break
    best = float("inf")
    for _ in range(3):  # the machine may be busy with something else
        start = time.process_time()  # of this process: another's work is not ours
        verdicts = [decide(*pair) for pair in candidates]
        best = min(best, time.process_time() - start)
    return best, Counter(verdict.decision.value for verdict in verdicts)


if __name__ == "__main__":
    raise SystemExit(main())
