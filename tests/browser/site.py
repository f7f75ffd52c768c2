"""The real server on a data folder of its own, started and stopped as a person at a terminal does it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).parents[2]
TODAY = "2026-11-22"


def environment(data: Path) -> dict[str, str]:
    """What the commands run in: the folder of the data and the day of the rehearsal."""
    told = {k: v for k, v in os.environ.items() if not k.startswith(("GONGKAI_", "DJANGO_"))}
    return {**told, "GONGKAI_DATA_DIR": str(data), "GONGKAI_TODAY": TODAY, "PYTHONUNBUFFERED": "1"}


def load_sample(data: Path) -> None:
    """Put the sample county into an empty folder."""
    for words in (("demo", "--no-serve"), ("press", "--all")):
        command = [sys.executable, "-m", "gongkai", *words]
        subprocess.run(command, env=environment(data), cwd=ROOT, check=True, capture_output=True, timeout=240)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Site:
    """A server that can be stopped and started again on the same folder and port."""

    def __init__(self, data: Path, command: str = "demo") -> None:
        self.data = data
        self.command = command
        self.port = free_port()
        self.log = data.parent / f"{data.name}.log"
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start, and wait until it answers."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "gongkai", self.command, "--port", str(self.port)],
                env=environment(self.data),
                cwd=ROOT,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        until = time.monotonic() + 120
        while time.monotonic() < until:
            assert self.process.poll() is None, self.log.read_text("utf-8", "replace")[-2000:]
            try:
                urllib.request.urlopen(f"{self.url}/desk/sign-in/", timeout=5).close()
            except urllib.error.HTTPError:
                return
            except OSError:
                time.sleep(0.15)
            else:
                return
        raise AssertionError(f"the server did not answer: {self.log.read_text('utf-8', 'replace')[-2000:]}")

    def stop(self) -> None:
        """Ctrl+C: it ends by itself within 15 s and leaves no process behind."""
        process, self.process = self.process, None
        if process is None:
            return
        process.send_signal(signal.SIGINT)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            raise AssertionError("the server did not end within 15 s of Ctrl+C") from None
        left = self.left()
        for pid in left:
            os.kill(pid, signal.SIGKILL)
        assert not left, f"processes left behind: {left}"

    def left(self) -> list[int]:
        """Processes that still run on this folder."""
        mark = f"GONGKAI_DATA_DIR={self.data}".encode()
        found = []
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                told = (entry / "environ").read_bytes().split(b"\0")
            except OSError:
                continue
            if mark in told:
                found.append(int(entry.name))
        return found
