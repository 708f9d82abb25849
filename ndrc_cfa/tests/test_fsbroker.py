"""The broker made of files loses no message and keeps their order."""

import multiprocessing
from collections.abc import Iterator
from pathlib import Path
from queue import Empty

import pytest
from kombu import Connection

import ndrc_cfa.celery  # noqa: F401  (names the transport, in the spawned processes too)
from ndrc_cfa.fsbroker import Transport

MESSAGES = 1500


@pytest.fixture
def options(tmp_path: Path) -> dict[str, object]:
    Transport.global_state.clear()  # kombu remembers bindings per process, not per folder
    folders = {
        "data_folder_in": tmp_path / "messages",
        "data_folder_out": tmp_path / "messages",
        "control_folder": tmp_path / "control",
        "processed_folder": tmp_path / "processed",
    }
    for folder in folders.values():
        folder.mkdir(exist_ok=True)
    return {**{name: str(path) for name, path in folders.items()}, "store_processed": True}


def connect(options: dict[str, object]) -> Connection:
    return Connection("atomicfs://localhost", transport_options=options)


def received(options: dict[str, object], patience: float) -> Iterator[int]:
    with connect(options) as connection, connection.SimpleQueue("numbers") as queue:
        while True:
            try:
                message = queue.get(timeout=patience)
            except Empty:
                return
            message.ack()
            yield message.payload["number"]


def produce(options: dict[str, object], numbers: range) -> None:
    with connect(options) as connection, connection.SimpleQueue("numbers") as queue:
        for number in numbers:
            queue.put({"number": number, "padding": "x" * 4000})


def consume(options: dict[str, object], found: "multiprocessing.SimpleQueue[list[int]]") -> None:
    found.put(list(received(options, patience=3)))


def test_it_keeps_the_order(options):
    produce(options, range(5))
    assert list(received(options, patience=0.1)) == [0, 1, 2, 3, 4]


def test_it_shows_no_half_written_message(options, tmp_path):
    produce(options, range(3))
    names = [path.name for path in (tmp_path / "messages").iterdir()]
    assert len(names) == 3
    assert all(name.endswith(".numbers.msg") for name in names)


def test_two_consumers_and_a_producer_lose_nothing_and_share_nothing(options):
    spawn = multiprocessing.get_context("spawn")
    found = spawn.SimpleQueue()
    consumers = [spawn.Process(target=consume, args=(options, found)) for _ in range(2)]
    for process in consumers:
        process.start()
    produce(options, range(MESSAGES))
    shares = [found.get() for _ in consumers]
    for process in consumers:
        process.join(20)
        assert process.exitcode == 0
    assert sorted(shares[0] + shares[1]) == list(range(MESSAGES))
