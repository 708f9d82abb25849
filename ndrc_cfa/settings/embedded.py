"""The embedded services: SQLite and a broker made of files, for one machine and no server.

Reasons and figures: docs/decisions/0002-embedded-services.md.
"""

from typing import Any

from .base import DATA_DIR

DATABASES: dict[str, dict[str, Any]] = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(DATA_DIR / "cfa.sqlite3"),
        "OPTIONS": {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": (
                "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA mmap_size=134217728;"
                "PRAGMA journal_size_limit=27103364;PRAGMA cache_size=-20000;PRAGMA foreign_keys=ON;"
            ),
        },
    }
}
QUEUE_DIR = DATA_DIR / "queue"
CELERY_BROKER_URL = "atomicfs://localhost"
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = {
    "data_folder_in": str(QUEUE_DIR / "messages"),
    "data_folder_out": str(QUEUE_DIR / "messages"),
    "control_folder": str(QUEUE_DIR / "control"),
    "processed_folder": str(QUEUE_DIR / "processed"),
    "store_processed": True,
    "polling_interval": 0.1,
}
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": str(DATA_DIR / "cache"),
    }
}
