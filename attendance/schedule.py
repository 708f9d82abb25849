"""What beat calls for this app; the project's CELERY_BEAT_SCHEDULE takes it in."""

from celery.schedules import crontab

SCHEDULE = {
    "attendance-remind-trainers": {
        "task": "attendance.remind_trainers",
        "schedule": 300.0,
        "options": {"expires": 290},
    },
    "attendance-flag-forgotten-sheets": {
        "task": "attendance.flag_forgotten_sheets",
        "schedule": crontab(hour=7, minute=0),
    },
    "attendance-send-waiting-notices": {
        "task": "attendance.tasks.send_waiting_notices",
        "schedule": 300.0,
        "options": {"expires": 290},
    },
    # After the last half-day of the day: employer, maître and families hear of it the same evening.
    "attendance-evening-absences": {
        "task": "attendance.evening_absences",
        "schedule": crontab(hour=18, minute=30),
    },
    "attendance-forget": {
        "task": "attendance.forget",
        "schedule": crontab(hour=3, minute=40),
    },
    "attendance-verify-proofs": {
        "task": "attendance.verify_proofs",
        "schedule": crontab(hour=2, minute=30),
    },
}
