"""What beat calls for this app; the project's CELERY_BEAT_SCHEDULE takes it in."""

SCHEDULE = {
    "documents-sweep-jobs": {
        "task": "documents.tasks.sweep_jobs",
        "schedule": 60.0,
        "options": {"expires": 55},
    },
}
