"""Real processes: one writes, one follows, one reads; rebuilt while it serves; killed at any moment."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest

ROOT = Path(__file__).resolve().parents[2]
URL = "GONGKAI_DATABASE_URL"
VICTIM = [sys.executable, "-m", "tests.search.victim"]


@pytest.fixture(params=["tantivy", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of a site of its own: a data folder, and a database where the tests run on PostgreSQL."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("GONGKAI_")}
    env = {
        **kept,
        "GONGKAI_DATA_DIR": str(tmp_path),
        "GONGKAI_TODAY": "2026-03-02",
        "GONGKAI_SEARCH": request.param,
        "PYTHONUNBUFFERED": "1",
    }
    if URL not in os.environ:
        if request.param == "postgresql":
            pytest.skip("the tests run on SQLite: make postgres runs this")
        yield env
        return
    import psycopg

    name = f"searched_{os.getpid()}"
    with psycopg.connect(os.environ[URL], autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        try:
            yield {**env, URL: urlunsplit(urlsplit(os.environ[URL])._replace(path=f"/{name}"))}
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def start(env: dict[str, str], *command: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        command, cwd=ROOT, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    told = process.stdout.readline().strip()
    if not told:
        process.kill()
        raise AssertionError(process.communicate()[1][-3000:])
    return told


def until(reader: subprocess.Popen[str], total: int) -> float:
    while True:
        at, _, found = line(reader).partition(" ")
        if int(found) == total:
            return float(at)


def test_found_and_gone_within_two_seconds(place: dict[str, str]) -> None:
    """One process publishes and withdraws, the followers' own process follows, a third reads."""
    writer = start(place, *VICTIM, "act")
    assert line(writer) == "ready"
    followers = start(place, sys.executable, "-m", "gongkai.site.followers")
    reader = start(place, *VICTIM, "read", "临时救助")
    try:
        assert line(reader) == "ready"
        until(reader, 0)
        time.sleep(7)  # the followers have come to the end of what was before
        assert writer.stdin is not None
        lags = []
        for total in (1, 0):
            writer.stdin.write("\n")
            writer.stdin.flush()
            done = float(line(writer))
            lags.append(until(reader, total) - done)
        print(f"found after {lags[0]:.2f} s, gone after {lags[1]:.2f} s")
        assert max(lags) < 2, lags
    finally:
        for process in (writer, followers, reader):
            process.kill()
            process.communicate()


def test_rebuilt_while_it_serves(place: dict[str, str]) -> None:
    subprocess.run([*VICTIM, "fill", "900"], cwd=ROOT, env=place, check=True, timeout=120)
    reader = start(place, *VICTIM, "read", "通知", "all")
    assert line(reader) == "ready"
    line(reader)
    before = time.monotonic()
    for _ in range(2):
        command = [sys.executable, "-m", "gongkai", "search", "--rebuild"]
        done = subprocess.run(command, cwd=ROOT, env=place, check=True, timeout=120, capture_output=True, text=True)
        assert "900条" in done.stdout
    after = time.monotonic()
    answers = []
    while not answers or answers[-1][0] < after:
        at, _, total = line(reader).partition(" ")
        answers.append((float(at), int(total)))
    reader.kill()
    reader.communicate()
    during = [total for at, total in answers if before < at < after]
    print(f"{len(during)} answers during two rebuilds of {after - before:.1f} s")
    assert len(during) > 20 and set(during) == {900}


def test_killed_at_any_moment_it_ends_the_same(place: dict[str, str]) -> None:
    """Writers, followers and rebuilds die by SIGKILL; caught up, the index is what a new one is."""
    done = subprocess.run(
        [*VICTIM, "kills", "10", "20260302"], cwd=ROOT, env=place, capture_output=True, text=True, timeout=180
    )
    assert done.returncode == 0, done.stderr[-3000:]
    told = json.loads(done.stdout)
    print(told)
    assert told["died"] == 18  # each child lived until it was killed
    assert told["same"] and told["true"]
    assert "Traceback" not in done.stderr, done.stderr[-3000:]
    left = list((Path(place["GONGKAI_DATA_DIR"]) / "search").glob("v*"))
    assert len(left) <= 2  # what killed rebuilds left is cleared away
