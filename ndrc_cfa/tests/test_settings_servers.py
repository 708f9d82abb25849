"""The same address serves Django, redis-py and Celery."""

import pytest

from ndrc_cfa.settings.servers import postgresql, redis_broker


def test_a_socket_folder_becomes_the_host():
    database = postgresql("postgres://cfa@/base?host=/run/pg")
    assert (database["HOST"], database["NAME"], database["USER"]) == ("/run/pg", "base", "cfa")
    assert "host" not in database["OPTIONS"]
    assert database["CONN_MAX_AGE"] == 60


def test_other_options_stay():
    database = postgresql("postgres://cfa:x@db:5433/base?sslmode=verify-full")
    assert database["OPTIONS"] == {"sslmode": "verify-full"}
    assert (database["HOST"], database["PORT"]) == ("db", 5433)


@pytest.mark.parametrize(
    ("url", "broker"),
    [
        ("redis://redis:6379/2", "redis://redis:6379/2"),
        ("rediss://redis:6380/0", "rediss://redis:6380/0"),
        ("unix:///run/redis.sock", "redis+socket:///run/redis.sock?virtual_host=0"),
        ("unix:///run/redis.sock?db=3", "redis+socket:///run/redis.sock?virtual_host=3"),
    ],
)
def test_celery_gets_its_own_name_of_the_address(url, broker):
    assert redis_broker(url) == broker
