"""What beat calls for this app; the project's CELERY_BEAT_SCHEDULE takes it in."""

from celery.schedules import crontab

SCHEDULE = {
    "documents-sweep-jobs": {
        "task": "documents.tasks.sweep_jobs",
        "schedule": 60.0,
        "options": {"expires": 55},
    },
    "documents-forget-files": {
        "task": "documents.tasks.forget_old_files",
        "schedule": crontab(minute="50", hour="4"),
        "options": {"expires": 6 * 3600},
    },
}
