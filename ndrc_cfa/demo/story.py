"""The year of the demo: the cohort, its past half-days, one CCF, one livret period, the documents."""

import random
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.utils import timezone
from django.utils.text import slugify

from accounts.errors import DomainError
from accounts.models import Cfa, User
from apprentices import actions as apprentices_actions
from apprentices.models import Apprentice, Cohort, Enrolment, MaitreApprentissage
from attendance import actions as attendance_actions
from attendance.enums import PresenceState, SignatureMethod
from attendance.models import ClassSession
from programmes.calendar_rules import (
    Rhythm,
    minimum_hours_between,
    months_between,
    quarter_of_contract_hours,
    reachable_hours,
)
from programmes.models import CfaProgramme

from . import cast
from .hand import scribble


def shifted_years(starts_on: date, ends_on: date, today: date) -> int:
    """Whole years to add so that today falls inside the cohort; 0 while its own dates hold today."""
    years = 0
    while _add_years(ends_on, years) < today:
        years += 1
    while _add_years(starts_on, years) > today:
        years -= 1
    return years


def _add_years(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour, minute)))


class Story:
    """Plays one cohort through the actions, with a fixed seed so that each run tells the same story."""

    def __init__(self, *, today: date, seed: str = "demo"):
        self.today = today
        self.rng = random.Random(seed)

    def cohort(
        self,
        *,
        programme: CfaProgramme,
        capacity: int,
        trainers: list[User],
        by: User,
        name: str = "",
    ) -> Cohort:
        """The cohort in which today falls; refused where no contract could be concluded for it (V19)."""
        years = shifted_years(programme.starts_on, programme.ends_on, self.today)
        starts_on = _add_years(programme.starts_on, years)
        ends_on = _add_years(programme.ends_on, years)
        sheet = programme.referentiel
        if sheet.registered_until < starts_on:
            raise DomainError(
                f"La fiche {sheet.rncp} n'est plus active depuis le {sheet.registered_until:%d/%m/%Y} : "
                "aucun contrat ne s'y conclut plus. La démonstration vit à la date du jour ; il lui faut "
                "le référentiel qui remplace celui-ci (programmes/data)."
            )
        return apprentices_actions.create_cohort(
            cfa=programme.cfa,
            programme=programme,
            name=name or f"NDRC {starts_on.year}-{ends_on.year}",
            starts_on=starts_on,
            ends_on=ends_on,
            capacity=capacity,
            trainers=trainers,
            by=by,
        )

    def this_week(self, cohort: Cohort) -> date:
        """Monday of this week, as far as a contract of six months can still be concluded (V08)."""
        monday = self.today - timedelta(days=self.today.weekday())
        latest = cohort.ends_on - timedelta(days=190)
        return max(cohort.starts_on, min(monday, latest))

    def company(self, employer: cast.Employer, *, cfa: Cfa, by: User):
        return apprentices_actions.create_company(
            cfa=cfa,
            name=employer.name,
            siret=employer.siret,
            naf=employer.naf,
            idcc=employer.idcc,
            opco=employer.opco,
            headcount=employer.headcount,
            employer_type="12",
            employer_specific="0",
            email=f"rh@{slugify(employer.name)}.example",
            address=employer.address,
            postcode=employer.postcode,
            city=employer.city,
            by=by,
        )

    def enrolled(
        self,
        *,
        cohort: Cohort,
        apprentice: Apprentice,
        maitre: MaitreApprentissage,
        tutor: User,
        by: User,
        starts_on: date | None = None,
        transmit: bool = True,
    ) -> Enrolment:
        """Enrol and sign the contract of an apprentice; transmitted to the OPCO unless told otherwise."""
        first = starts_on or cohort.starts_on
        referentiel = cohort.programme.referentiel
        months = months_between(first, cohort.ends_on)
        enrolment = apprentices_actions.enrol_apprentice(
            cohort=cohort, apprentice=apprentice, tutor=tutor, starts_on=first, by=by
        )
        contract = apprentices_actions.create_contract(
            enrolment=enrolment,
            company=maitre.company,
            maitre=maitre,
            concluded_on=first - timedelta(days=3 if starts_on else 17),
            starts_on=first,
            ends_on=cohort.ends_on,
            training_hours=self.training_hours(cohort, first),
            # Code 21 of the CERFA when the contract is shorter than the cycle of the diploma (V09).
            derogation="21" if months < referentiel.cycle_months else "",
            tripartite_on=first if months < referentiel.cycle_months else None,
            maitre_competence="experience",
            maitre_attested=True,
            by=by,
        )
        contract = apprentices_actions.sign_contract(contract=contract, by=by)
        if transmit:
            contract = apprentices_actions.transmit_contract(contract=contract, by=by, on=first)
            decided_on = first + timedelta(days=12)
            if decided_on <= self.today:
                apprentices_actions.accept_contract(
                    contract=contract,
                    on=decided_on,
                    deca_number=f"078{first:%Y%m}NC{contract.pk % 10_000:04}",
                    opco_file=f"DOS-{contract.pk:05}",
                    by=by,
                )
        return enrolment

    def training_hours(self, cohort: Cohort, first: date) -> Decimal:
        """What the calendar really holds, so that contract, sheets and invoice agree.

        For one who comes late it can fall short of a legal minimum by an hour or two (D1, D2, V18); the
        contract then announces that minimum, and make-up half-days have to reach it.
        """
        referentiel, last = cohort.programme.referentiel, cohort.ends_on
        return max(
            reachable_hours(first, last, Rhythm.from_json(cohort.rhythm)),
            quarter_of_contract_hours(first, last),
            minimum_hours_between(
                first,
                last,
                hours_per_year=referentiel.hours_per_year,
                cycle_months=referentiel.cycle_months,
            ),
        )

    def half_days(
        self,
        cohort: Cohort,
        *,
        until: date,
        last_ones: int | None = None,
        special: Mapping[int, Callable[[ClassSession], None]] | None = None,
    ) -> int:
        """Play every past half-day, or the last ones: opened, signed with plausible absences, countersigned.

        `special`: rank from the end -> what is played instead.
        """
        sessions = ClassSession.objects.filter(cohort=cohort, date__lt=until).select_related(
            "trainer", "subject"
        )
        *past, last = list(sessions)[-last_ones if last_ones else 0 :]
        for left, session in zip(range(len(past), 0, -1), past, strict=True):
            (special or {}).get(left, self.half_day)(session)
        # The trainer of the last one went home without countersigning: somebody has to be reminded.
        self.half_day(last, countersign=False)
        return len(past) + 1

    def half_day(self, session: ClassSession, *, countersign: bool = True) -> None:
        start = timezone.make_aware(datetime.combine(session.date, session.starts_at))
        sheet = attendance_actions.open_sheet(
            session=session, by=session.trainer, at=start - timedelta(minutes=5)
        )
        turns = []
        for presence in sheet.presences.select_related("enrolment__apprentice__user"):
            if presence.state != PresenceState.EXPECTED:
                continue  # announced before
            apprentice = presence.enrolment.apprentice
            absent = self.rng.random() < self._absence_rate(str(apprentice), session.date)
            if absent:
                excused = self.rng.random() < 0.6
                attendance_actions.mark_absent(
                    presence=presence,
                    by=session.trainer,
                    excused=excused,
                    reason="Arrêt de travail" if excused else "",
                )
                continue
            own = apprentice.user if apprentice.user and self.rng.random() < 0.8 else None
            hand = attendance_actions.Hand(
                strokes=scribble(str(apprentice), self.rng),
                method=SignatureMethod.OWN_PHONE if own else SignatureMethod.TRAINER_DEVICE,
                at=start + timedelta(seconds=self.rng.randint(0, 420)),
            )
            turns.append(attendance_actions.Turn(presence, hand, own or session.trainer))
        attendance_actions.sign_in_turn(sheet=sheet, turns=turns)
        if not countersign:
            return
        attendance_actions.countersign_sheet(
            sheet=sheet,
            by=session.trainer,
            strokes=scribble(str(session.trainer), self.rng),
            method=SignatureMethod.TRAINER_DEVICE,
            at=timezone.make_aware(datetime.combine(session.date, session.ends_at)),
        )

    def _absence_rate(self, name: str, day: date) -> float:
        """Most come nearly always; a flu week, and one apprentice who drops off in autumn."""
        week = day.isocalendar().week
        if name.startswith("Yanis"):
            return 0.08 if week < 38 else 0.3
        return 0.09 if week in (6, 7, 47) else 0.025
