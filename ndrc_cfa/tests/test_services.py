"""The services lane really runs on the servers it names."""

import pytest
import redis
from django.conf import settings
from django.db import connection

from ndrc_cfa.celery import app

pytestmark = pytest.mark.services


@pytest.mark.django_db
def test_it_runs_on_postgresql():
    assert connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        cursor.execute("select version()")
        assert cursor.fetchone()[0].startswith("PostgreSQL")


def test_it_sends_through_redis():
    assert settings.CELERY_BROKER_URL.startswith("redis")
    with app.connection_for_write() as broker:
        assert broker.transport.driver_type == "redis"
        assert broker.default_channel.client.ping()


def test_the_cache_address_answers():
    with redis.Redis.from_url(settings.TEST_REDIS_URL) as client:
        assert client.ping()
