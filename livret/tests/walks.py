"""Random walks of several people through one period and one bilan, on the real deeds.

Each person acts on the page that person last opened, however old. After each deed all that was ever
signed is compared with what it was, and with what its signer had opened. `bench livret` takes long ones.
"""

import random
from collections import Counter
from collections.abc import Callable
from copy import deepcopy
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.utils import timezone

from accounts.errors import DomainError, NotAllowed
from livret import actions, rules
from livret.enums import THREE, Cadence
from livret.models import LivretPeriod, PeriodSignature, Review, ReviewSignature, Scan

ORDER = [role.value for role in THREE]
STATES = ["draft", "apprentice_signed", "maitre_signed", "closed"]
ROLE_OF = {"aicha": "apprentice", "chantal": "maitre", "bruno": "tutor", "link": "maitre"}
PERSON_OF = {"apprentice": "aicha", "maitre": "chantal", "tutor": "bruno"}
SIGNERS = {*ROLE_OF, "elise"}  # the staff records what was signed by hand
PEOPLE = [*ROLE_OF, "aicha", "chantal", "bruno", "denis", "elise", "gaelle"]
TEXTS = ["", "  ", "expected", "Un texte.", "Deux.", "a\r\nb\x00", "é" * 5001]


class Broken(AssertionError):
    """An order of deeds that changed what was signed, or signed what was not seen."""


class Walk:
    """One walk; `run` does so many random deeds and checks after each."""

    def __init__(self, place: Any, seed: int):
        self.place, self.rng, self.count = place, random.Random(seed), seed * 1000
        self.period_pk = place.period.pk
        self.reviews = [
            actions.plan_review(
                livret=place.livret,
                kind="quarterly",
                planned_on=timezone.localdate(),
                by=place.cast.bruno,
            ).pk
        ]
        self.link = actions.invite_maitre(maitre=place.maitre, by=place.cast.elise)
        self.pages: dict[tuple[str, str], dict[str, Any]] = {}  # (person, what) -> content opened
        self.signed: dict[tuple[str, int], tuple] = {}  # every signature ever given, as it was
        self.frozen: dict[int, dict[str, Any]] = {}  # reviews put to the signature
        self.done: Counter[str] = Counter()
        self.actor = ""
        self.deeds: list[Callable[[str], Any]] = [
            *[self.read_period, self.write, self.sign] * 3,
            *[self.read_review, self.write_review, self.sign_review] * 3,
            self.open_review, self.submit, self.submit, self.refuse, self.correct_review,
            self.position, self.task, self.remove_task, self.sign_by_hand,
            self.ask_correction, self.excuse, *[self.lay, self.sign_stale] * 3, *[self.whole, self.whole_review] * 9,
        ]  # fmt: skip

    # --- who and what --------------------------------------------------------------------------------
    def who(self, name: str) -> dict[str, Any]:
        if name == "link":
            return {"link": self.link}
        return {"by": getattr(self.place.cast, name)}

    @property
    def period(self) -> LivretPeriod:
        return LivretPeriod.objects.get(pk=self.period_pk)

    @property
    def review(self) -> Review:
        return Review.objects.get(pk=self.reviews[-1])

    def strokes(self) -> list:
        self.count += 1
        return [[[self.count % 500, 50, 0], [self.count // 500 % 500, 150, 90], [60, 30, 260]]]

    # --- the period ----------------------------------------------------------------------------------
    def read_period(self, name: str) -> None:
        self.pages[name, "period"] = deepcopy(self.period.content())

    def write(self, name: str) -> None:
        role = ROLE_OF.get(name, "tutor")
        field = self.rng.choice(rules.SECTIONS[self.rng.choice([role, role, role, *ORDER])])
        values = {field: self.rng.choice(TEXTS)}
        actions.save_section(period=self.period, values=values, **self.who(name))

    def position(self, name: str) -> None:
        competence = self.rng.choice(self.place.competences)
        level = self.rng.choice(["", "debutant", "autonome", "expert"])
        actions.position_competence(
            period=self.period, competence=competence, level=level, **self.who(name)
        )

    def task(self, name: str) -> None:
        actions.save_task(
            period=self.period, uuid=uuid4(), title="Salon", **self.who(_account(name))
        )

    def remove_task(self, name: str) -> None:
        if task := self.period.tasks.first():
            actions.remove_task(task=task, **self.who(_account(name)))

    def sign(self, name: str) -> None:
        page = self.pages.get((name, "period"))
        if page is None:
            return self.read_period(name)
        actions.sign_period(
            period=self.period,
            role=ROLE_OF.get(name, self.rng.choice(ORDER)),
            strokes=self.strokes(),
            seen=rules.text_digest(page),
            **self.who(name),
        )
        self.matches("period", PeriodSignature, page)

    def sign_stale(self, name: str) -> None:
        """Whoever is awaited signs the page of before a change made in another window."""
        role = rules.awaited_role(self.period.state)
        if role is None:
            return self.lay("elise")
        name = self.actor = PERSON_OF[role]
        values = dict.fromkeys(rules.SECTIONS[role], "expected")
        actions.save_section(period=self.period, values=values, **self.who(name))
        self.read_period(name)
        other = {"tutor_text": f"Autre {self.count}."}
        actions.save_section(period=self.period, values=other, by=self.place.cast.bruno)
        return self.sign(name)

    def sign_by_hand(self, name: str) -> None:
        page = self.pages.get((name, "period"))  # printed when it was opened
        if page is None:
            return self.read_period(name)
        role = self.rng.choice(ORDER)
        scan = Scan.objects.create(
            name="page", content_type="image/jpeg", size=1, sha256=uuid4().hex * 2,
            signer_label="X", signed_on=timezone.localdate(), recorded_by=self.place.cast.elise,
        )  # fmt: skip
        actions.sign_period_by_hand(
            period=self.period,
            role=role,
            scan=scan,
            printed=rules.text_digest(page)[:8],
            **self.who(_account(name)),
        )
        self.matches("period", PeriodSignature, page)

    def ask_correction(self, name: str) -> None:
        note = self.rng.choice(["", "À revoir."])
        actions.ask_correction(period=self.period, note=note, **self.who(name))

    def excuse(self, name: str) -> None:
        actions.excuse_maitre(
            period=self.period, reason=self.rng.choice(["", "Parti."]), **self.who(_account(name))
        )

    def lay(self, name: str) -> None:
        if self.period.state == "draft":  # an empty period may go: this one is watched
            values = {"apprentice_text": "Début."}
            actions.save_section(period=self.period, values=values, by=self.place.cast.aicha)
        cadence = self.rng.choice(Cadence.values)
        starts = actions.propose_starts(self.place.cohort, cadence)
        shift = timedelta(days=self.rng.choice([0, 0, 3, 9]))
        actions.lay_periods(
            cohort=self.place.cohort,
            cadence=cadence,
            starts=[starts[0], *(day + shift for day in starts[1:-1])],
            by=self.place.cast.elise if self.rng.random() < 0.8 else self.who(_account(name))["by"],
        )

    def whole(self, name: str) -> None:
        """Whoever is awaited writes, reads and signs, so that the last states are reached often."""
        awaited = rules.awaited_role(self.period.state)
        if awaited is None:
            return self.ask_correction(self.rng.choice(["bruno", name]))
        role = awaited
        name = self.actor = PERSON_OF[awaited]
        if awaited == "maitre":
            name = self.actor = self.rng.choice(["chantal", "link"])
        values = dict.fromkeys(rules.SECTIONS[role], "expected")
        actions.save_section(period=self.period, values=values, **self.who(name))
        self.read_period(name)
        return self.sign(name)

    # --- the bilan -----------------------------------------------------------------------------------
    def read_review(self, name: str) -> None:
        self.pages[name, "review"] = deepcopy(self.review.content())

    def open_review(self, name: str) -> None:
        actions.open_review(review=self.review, **self.who(_account(name)))

    def write_review(self, name: str) -> None:
        key = self.rng.choice(["apprenti", "entreprise", "cfa", "competences"])
        texts = {key: self.rng.choice(TEXTS)}
        actions.save_review(review=self.review, texts=texts, **self.who(_account(name)))

    def submit(self, name: str) -> None:
        signers = self.rng.sample(ORDER, self.rng.randint(1, 3))
        next_on = timezone.localdate() + timedelta(days=80)
        actions.save_review(
            review=self.review,
            texts={"cfa": "x", "competences": "y"},
            fields={"next_on": next_on, "signers": signers},
            **self.who(_account(name)),
        )
        actions.submit_review(review=self.review, **self.who(_account(name)))

    def sign_review(self, name: str) -> None:
        page = self.pages.get((name, "review"))
        if page is None or name == "link":
            return self.read_review(name)
        # A stale page belongs to the version that it showed.
        review = Review.objects.get(uuid=page["review"])
        actions.sign_review(
            review=review, strokes=self.strokes(), seen=rules.text_digest(page), **self.who(name)
        )
        self.matches("review", ReviewSignature, page)

    def refuse(self, name: str) -> None:
        note = self.rng.choice(["", "Faux."])
        fresh = actions.refuse_review(review=self.review, note=note, **self.who(_account(name)))
        self.reviews.append(fresh.pk)

    def correct_review(self, name: str) -> None:
        signers = self.rng.sample(ORDER, self.rng.randint(0, 3))
        fresh = actions.correct_review(
            review=self.review, signers=signers, reason="Oubli.", **self.who(_account(name))
        )
        self.reviews.append(fresh.pk)

    def whole_review(self, name: str) -> None:
        """Whoever is awaited reads, then signs."""
        awaited = self.review.awaited
        if awaited is None:
            return self.submit("bruno") if self.rng.random() < 0.5 else self.open_review("bruno")
        name = PERSON_OF[awaited]
        self.actor = name
        self.read_review(name)
        return self.sign_review(name)

    # --- what must hold ------------------------------------------------------------------------------
    def matches(self, what: str, model: Any, page: dict[str, Any]) -> None:
        """The signature just given covers the page that its signer had opened."""
        row = model.objects.latest("pk")
        if _plain(row.content) != _plain(page):
            raise Broken(f"the {what} signed is not the page that was opened")

    def told(self) -> tuple:
        """All that a refused deed must leave as it was."""
        rows = [
            (review.state, review.content(), review.correction_note)
            for review in Review.objects.filter(pk__in=self.reviews).order_by("pk")
        ]
        period = self.period
        spans = [*self.place.livret.periods.values_list("number", "starts_on", "ends_on")]
        return period.state, period.content(), period.maitre_excuse, rows, spans, self.rows()

    def rows(self) -> dict[tuple[str, int], tuple]:
        found: dict[tuple[str, int], tuple] = {}
        for row in PeriodSignature.objects.filter(period=self.period_pk):
            found["period", row.pk] = (row.role, row.round, row.text_sha256, _plain(row.content))
        for sign in ReviewSignature.objects.filter(review__in=self.reviews):
            found["review", sign.pk] = (
                sign.role,
                sign.review_id,
                sign.text_sha256,
                _plain(sign.content),
            )
        return found

    def check(self) -> None:
        rows = self.rows()
        for key, row in rows.items():
            if self.signed.setdefault(key, row) != row:
                raise Broken(f"{key} was signed and has changed")
            if rules.text_digest(row[3]) != row[2]:
                raise Broken(f"{key} has not the hash of its text")
        if self.signed.keys() - rows.keys():
            raise Broken("a signature has disappeared")
        self.check_period()
        self.check_reviews()

    def check_period(self) -> None:
        period = self.period
        now = _plain(period.content())
        rows = list(period.signatures.filter(round=period.round).order_by("pk"))
        roles = [row.role for row in rows]
        signed = [r for r in ORDER if r in roles or (r == "maitre" and period.maitre_excuse)]
        expected = signed[: STATES.index(period.state)]
        if roles != [r for r in expected if r in roles] or len(expected) != STATES.index(
            period.state
        ):
            raise Broken(f"{period.state} with the signatures of {roles}")
        for row in rows:
            names = [*rules.SECTIONS[row.role], "number", "starts_on", "ends_on"]
            if row.role == "apprentice":
                names += ["tasks", "proofs"]
            if any(row.content[name] != now[name] for name in names):
                raise Broken(f"the part of {row.role} changed under its signature")
        if period.state == "closed" and _plain(rows[-1].content) != now:
            raise Broken("a closed period says something else than what was signed last")

    def check_reviews(self) -> None:
        live = 0
        for review in Review.objects.filter(pk__in=self.reviews):
            live += review.state != "replaced"
            rows = list(review.signatures.order_by("pk"))
            if rows or review.state in ("signing", "closed", "replaced"):
                content = _plain(review.content())
                if self.frozen.setdefault(review.pk, content) != content:
                    raise Broken("a text put to the signature has changed")
                if any(_plain(row.content) != content for row in rows):
                    raise Broken("two signers of one version signed two texts")
            roles = [row.role for row in rows]
            if roles != review.signers[: len(roles)]:
                raise Broken("signed in another order than chosen")
            if review.state == "closed" and roles != review.signers:
                raise Broken("closed without all its signatures")
        if live != 1:
            raise Broken(f"{live} versions count")

    def run(self, deeds: int) -> Counter:
        """Do so many deeds; what was done and what was refused, by name."""
        for _ in range(deeds):
            deed, name = self.rng.choice(self.deeds), self.rng.choice(PEOPLE)
            self.actor, before = name, self.told()
            try:
                with transaction.atomic():
                    deed(name)
            except (DomainError, NotAllowed):
                self.done[f"{deed.__name__} refused"] += 1
                if self.told() != before:
                    raise Broken(f"{deed.__name__} was refused and changed something") from None
            else:
                self.done[deed.__name__] += 1
                if self.rows() != before[-1] and self.actor not in SIGNERS:
                    raise Broken(f"{self.actor} signed")
            self.check()
            self.done[f"period {self.period.state}"] += 1
            self.done[f"review {self.review.state}"] += 1
        return self.done


def _account(name: str) -> str:
    """The link opens the period only."""
    return "chantal" if name == "link" else name


def _plain(content: dict[str, Any]) -> dict[str, Any]:
    """As JSON gives it back: lists for tuples."""
    return {
        key: [list(row) if isinstance(row, tuple) else row for row in value]
        if isinstance(value, list)
        else value
        for key, value in content.items()
    }


def walk(place: Any, seed: int, deeds: int, number: int = 1) -> Counter:
    """One walk through the period of this number, in a transaction that is undone."""
    from livret.pdf import assessed_competences

    place = SimpleNamespace(
        **vars(place),
        period=place.livret.periods.get(number=number),
        competences=assessed_competences(place.enrolment)[:3],
    )
    with transaction.atomic():
        found = Walk(place, seed).run(deeds)
        transaction.set_rollback(True)
    return found
