"""Child processes that never outlive their parent, and their output with a name before each line."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import IO

PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def die_with_parent(sig: int = signal.SIGKILL, parent: int | None = None) -> None:
    """Ask the kernel for `sig` when the parent ends, however it ends (Linux only)."""
    if LIBC is None:
        return
    LIBC.prctl(PR_SET_PDEATHSIG, sig, 0, 0, 0)
    if parent is not None and os.getppid() != parent:
        os._exit(1)  # the parent ended between the fork and the call above


class Child:
    """One supervised process, leader of its own session, so that Ctrl-C reaches the supervisor only."""

    def __init__(self, name: str, command: Sequence[str], cwd: Path):
        self.name = name
        supervisor = os.getpid()
        self.process = subprocess.Popen(
            command,
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=lambda: die_with_parent(signal.SIGTERM, supervisor),
        )

    def relay_output(self, out: IO[bytes]) -> None:
        """Copy each line to `out`, with the name before it, from a thread of its own."""
        threading.Thread(target=self._relay, args=(out,), daemon=True).start()

    def _relay(self, out: IO[bytes]) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            try:
                out.write(f"{self.name:>6} | ".encode() + line)
                out.flush()
            except (OSError, ValueError):
                continue  # the terminal is gone; keep reading, or the child would block

    def ended(self) -> bool:
        return self.process.poll() is not None

    def kill_group(self) -> None:
        """End whatever is left of the session, grandchildren too."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def stop_all(children: Sequence[Child], grace: float, hurry: threading.Event) -> None:
    """TERM to each, `grace` seconds to finish (fewer if `hurry` is set), then KILL for what is left."""
    for child in children:
        if not child.ended():
            child.process.terminate()
    deadline = time.monotonic() + grace
    while time.monotonic() < deadline and not all(child.ended() for child in children):
        if hurry.wait(0.05):
            break
    for child in children:
        child.kill_group()
