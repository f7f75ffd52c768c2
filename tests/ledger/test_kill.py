"""The follower killed with SIGKILL again and again, over the events of the sample county, and then run to the end."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest

ROOT = Path(__file__).resolve().parents[2]
URL = "GONGKAI_DATABASE_URL"


@pytest.fixture
def place(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of a site of its own: a data folder, and a database where the tests run on PostgreSQL."""
    env = {**os.environ, "GONGKAI_DATA_DIR": str(tmp_path)}
    if URL not in os.environ:
        yield env
        return
    import psycopg

    name = f"killed_{os.getpid()}"
    with psycopg.connect(os.environ[URL], autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        try:
            yield {**env, URL: urlunsplit(urlsplit(os.environ[URL])._replace(path=f"/{name}"))}
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def run(what: str, env: dict[str, str]) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.ledger.victim", what],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def killed(env: dict[str, str], after: int, pause: float) -> int:
    """Start following, kill after so many batches and a moment; returns how many batches were told of."""
    command = [sys.executable, "-m", "tests.ledger.victim", "follow"]
    with subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        told = [process.stdout.readline() for _ in range(after)]
        time.sleep(pause)
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert process.returncode == -signal.SIGKILL, "it had come to the end: kill earlier"
        return len([t for t in told if t])


def test_killed_again_and_again_it_ends_the_same(place: dict[str, str]) -> None:
    chance = random.Random(20200925)
    (never_killed,) = run("load", place)
    for _ in range(4):
        assert killed(place, 6, chance.random() * 0.02) == 6
    caught_up, rebuilt, chain = run("check", place)
    assert caught_up == rebuilt == never_killed
    assert chain == "None"
