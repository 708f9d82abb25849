"""Messages about attendance: written in the deed's transaction, sent after it (delivery.py)."""

from collections.abc import Iterable

from accounts.models import Cfa, User
from apprentices.models import Enrolment

from ..enums import NoticeKind
from ..models import Absence, ClassSession, Notice
from ..tasks import send_notice
from .employers import by_reading, employers_on


def write_notice(
    *,
    cfa: Cfa,
    kind: str,
    recipients: Iterable[str],
    subject: str,
    text: str,
    absences: Iterable[Absence] = (),
) -> Notice | None:
    """Put a message in the outbox; None when nobody can receive it."""
    addresses = list(dict.fromkeys(address for address in recipients if address))
    if not addresses:
        return None
    notice = Notice.objects.create(
        cfa=cfa, kind=kind, recipients=addresses, subject=subject[:200], text=text
    )
    notice.absences.set(absences)
    send_notice.delay_on_commit(notice.pk)
    return notice


def tell_trainers(*, session: ClassSession, before: User, reason: str = "") -> Notice | None:
    """Tell the two trainers that the half-day has changed hands."""
    why = f"\nMotif : {reason}" if reason else ""
    return write_notice(
        cfa=session.cohort.cfa,
        kind=NoticeKind.MOVED,
        recipients=[session.trainer.email, before.email],
        subject=f"{session.subject.short_title}, {session.date:%d/%m/%Y} : autre formateur",
        text=(
            f"{session.trainer} remplace {before} pour la demi-journée du {session.date:%d/%m/%Y}, "
            f"{session.get_half_display().lower()}, de {session.cohort}, et en contresigne la "
            f"feuille.{why}\n"
        ),
    )


def tell_of_session(
    *,
    session: ClassSession,
    kind: str,
    subject: str,
    text: str,
    reason: str = "",
    others: Iterable[User] = (),
    employers: bool = True,
) -> Notice | None:
    """Tell the trainer and everyone enrolled that day (and `others`, e.g. the trainer who was replaced).

    A day at the CFA is one less in the company: the employers are told too, each of their own apprentices,
    without the reason, which may be somebody's illness.
    """
    enrolments = list(
        Enrolment.objects.filter(cohort=session.cohort_id)
        .active_on(session.date)
        .select_related("apprentice__user")
    )
    people = [session.trainer.email, *(user.email for user in others)]
    people += [enrolment.apprentice.mailbox for enrolment in enrolments]
    cfa = session.cohort.cfa
    if employers:
        names = {(one.pk, session.date): str(one.apprentice) for one in enrolments}
        for told, addresses in by_reading(employers_on(names)).items():
            own = ", ".join(sorted(names[one] for one in told))
            write_notice(
                cfa=cfa,
                kind=kind,
                recipients=addresses,
                subject=subject,
                text=f"{text}Apprentis de votre entreprise : {own}\n",
            )
    why = f"Motif : {reason}\n" if reason else ""
    return write_notice(cfa=cfa, kind=kind, recipients=people, subject=subject, text=f"{text}{why}")
