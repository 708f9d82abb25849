"""What runs by itself, each day or each hour: tasks that call the actions of the apps and decide nothing."""

from allauth.usersessions.models import UserSession
from celery import shared_task
from celery.schedules import crontab
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.utils import timezone

from accounts.models import Cfa
from apprentices import actions as apprentices_actions
from livret import actions as livret_actions

SCHEDULE = {
    "livret-reminders": {
        "task": "ndrc_cfa.nightly.send_livret_reminders",
        # Each working hour: the rule says who was already written to today.
        "schedule": crontab(minute="15", hour="9-16", day_of_week="mon-fri"),
        "options": {"expires": 3000},
    },
    "contracts-of-the-night": {
        "task": "ndrc_cfa.nightly.follow_contracts",
        "schedule": crontab(minute="10", hour="5"),
        "options": {"expires": 6 * 3600},
    },
    "exam-results": {
        "task": "evaluations.tasks.announce_recent_results",
        "schedule": crontab(minute="20", hour="6"),
        "options": {"expires": 6 * 3600},
    },
    "forgotten-sessions": {
        "task": "ndrc_cfa.nightly.forget_sessions",
        "schedule": crontab(minute="40", hour="4"),
        "options": {"expires": 6 * 3600},
    },
}


@shared_task
def send_livret_reminders() -> None:
    """One digest a day to each person for whom something waits in the livrets."""
    for cfa in Cfa.objects.filter(cohorts__isnull=False).distinct():
        livret_actions.send_digests(cfa=cfa)


@shared_task
def follow_contracts() -> None:
    """Contracts that begin or end today, the deadlines that nobody was told of yet, then who is forgotten."""
    today = timezone.localdate()
    apprentices_actions.follow_calendar(today)
    apprentices_actions.remind_deadlines(today)
    apprentices_actions.forget_contacts(today)


@shared_task
def forget_sessions() -> None:
    """Sessions that have ended, and the addresses and devices noted with them."""
    call_command("clearsessions")
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
