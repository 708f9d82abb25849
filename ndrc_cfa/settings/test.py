"""The tests: embedded services unless DATABASE_URL and REDIS_URL name real ones.

Everything is written in a folder of this run. A Celery worker started by a test inherits the folder
and the name of the test database.
"""

import atexit
import os
import shutil
import tempfile

if "NDRC_TEST_DIR" not in os.environ:
    os.environ["NDRC_TEST_DIR"] = tempfile.mkdtemp(prefix="ndrc-tests-")
    atexit.register(shutil.rmtree, os.environ["NDRC_TEST_DIR"], ignore_errors=True)
os.environ["NDRC_DATA_DIR"] = os.environ["NDRC_TEST_DIR"]

from .base import *  # noqa: F403
from .base import DATA_DIR, env
from .embedded import *  # noqa: F403
from .embedded import CELERY_BROKER_TRANSPORT_OPTIONS, DATABASES
from .servers import REDIS_TRANSPORT_OPTIONS, postgresql, redis_broker

SECRET_KEY = "tests-only"
NIR_KEYS = ["dGVzdHMtb25seS10ZXN0cy1vbmx5LXRlc3RzLW9ubHk="]
DEMO = True
DEBUG = False
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
CELERY_IMPORTS = ["ndrc_cfa.tests.worker_tasks", "documents.tests.worker_kinds"]

# A database in memory would be invisible to the worker. Its tables are made at once from the models:
# SQLite copies a table at each step of a migration. The real migrations run on PostgreSQL and in the demo.
DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3"), "MIGRATE": False}
if database_url := env("DATABASE_URL", default=""):
    DATABASES = {"default": postgresql(database_url)}
if worker_database := env("NDRC_TEST_DATABASE", default=""):
    DATABASES["default"]["NAME"] = worker_database
TEST_REDIS_URL = env("REDIS_URL", default="")
if TEST_REDIS_URL:
    CELERY_BROKER_URL = redis_broker(TEST_REDIS_URL)
    CELERY_BROKER_TRANSPORT_OPTIONS = REDIS_TRANSPORT_OPTIONS
else:
    for name in ("data_folder_in", "control_folder", "processed_folder"):
        os.makedirs(str(CELERY_BROKER_TRANSPORT_OPTIONS[name]), exist_ok=True)
