"""10,000 pay schedules: `./run bench pay`."""

import json
import random
import time
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import django

django.setup()

from apprentices.pay import DAY, PayTerms, pay_schedule
from apprentices.tables import pay_tables

COUNT, GOAL = 10_000, 2.0


def some_terms(rng: random.Random) -> PayTerms:
    start = date(2022, 1, 1) + timedelta(days=rng.randrange(1800))
    return PayTerms(
        born_on=start - timedelta(days=round(365.25 * rng.uniform(15, 45))),
        starts_on=start,
        ends_on=start + timedelta(days=rng.randrange(180, 1460)),
        cycle_months=rng.choice((12, 24, 36)),
        smc=Decimal(2000) if rng.random() < 0.3 else None,
        rqth=rng.random() < 0.1,
        plus_15=rng.random() < 0.1,
    )


def main() -> None:
    rng = random.Random(20260601)
    asked = [some_terms(rng) for _ in range(COUNT)]
    started = time.perf_counter()
    schedules = [pay_schedule(terms) for terms in asked]
    seconds = time.perf_counter() - started
    tables = pay_tables()
    for terms, schedule in zip(asked, schedules, strict=True):
        segments = schedule.segments
        assert segments[0].starts_on == terms.starts_on
        assert segments[-1].ends_on == terms.ends_on
        assert all(b.starts_on == a.ends_on + DAY for a, b in pairwise(segments))
        grid = tables.grid_on(terms.starts_on)
        youngest = grid.classes[0]
        assert all(s.rate >= grid.rate(s.year, youngest) for s in segments)
    print(
        json.dumps(
            {
                "measure": "pay_schedules",
                "count": COUNT,
                "segments": sum(len(s.segments) for s in schedules),
                "seconds": round(seconds, 3),
                "goal_seconds": GOAL,
                "ok": seconds < GOAL,
            }
        )
    )


if __name__ == "__main__":
    main()
