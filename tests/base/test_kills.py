"""Real processes: killed at random moments, and many at once. Nothing lost, nothing twice, the chain whole."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent.parent
WHOLE = {
    "broken": None,
    "consecutive": True,
    "twice": 0,
    "changes without events": [],
    "events without changes": [],
    "lost": [],
    "files": [],
    "events without files": 0,
    "table": True,
    "sum": True,
    "pages": True,
    "table from zero": True,
    "sum from zero": True,
    "pages from zero": True,
}


@pytest.fixture
def victim(tmp_path: Path) -> Iterator[Callable[..., dict[str, Any]]]:
    """Runs the program in a data folder of its own; on PostgreSQL in a schema of its own."""
    environment = {**os.environ, "GONGKAI_DATA_DIR": str(tmp_path)}
    url = os.environ.get("GONGKAI_DATABASE_URL")
    schema = f"victim_{os.getpid()}_{abs(hash(tmp_path.name)) % 10**6}"
    if url:
        import psycopg

        with psycopg.connect(url, autocommit=True) as admin:
            admin.execute(f"CREATE SCHEMA {schema}")
        environment["GONGKAI_DATABASE_URL"] = f"{url}{'&' if '?' in url else '?'}options=-csearch_path%3D{schema}"

    def run(*words: str) -> dict[str, Any]:
        done = subprocess.run(
            [sys.executable, "-m", "tests.base.victim", *words],
            env=environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-3000:]
        told: dict[str, Any] = json.loads(done.stdout)
        assert "Traceback" not in done.stderr, done.stderr[-3000:]
        return told

    yield run
    if url:
        with psycopg.connect(url, autocommit=True) as admin:
            admin.execute(f"DROP SCHEMA {schema} CASCADE")


@pytest.mark.parametrize("seed", [20260302, 7])
def test_killed_at_any_moment(victim: Callable[..., dict[str, Any]], seed: int) -> None:
    """Writers and followers die by SIGKILL at random moments; who comes after finds all of it, once."""
    told = victim("kills", "4", str(seed))
    assert {k: told[k] for k in WHOLE} == WHOLE
    assert told["died"] == told["started"] >= 20  # each child lived until it was killed
    assert told["events"] >= told["said"] >= 5  # and there was something to lose
    assert all(told["lags"])  # no cursor ahead of the log


def test_writers_at_once(victim: Callable[..., dict[str, Any]]) -> None:
    """Four processes write on an empty log: numbers without a gap, and no follower misses a late commit."""
    told = victim("together", "4", "60")
    assert {k: told[k] for k in WHOLE} == WHOLE
    assert told["well"] == 4 and told["died"] == 2  # nobody failed, on either side
    assert told["events"] == told["said"] == 240
