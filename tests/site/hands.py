"""Running the command line on a site of its own, on SQLite or in a fresh database of the cluster at hand."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

TODAY = "2026-11-22"


@dataclass
class Site:
    """A data folder, and where its database is."""

    data: Path
    url: str = ""

    @property
    def env(self) -> dict[str, str]:
        """The environment of its commands."""
        env = {k: v for k, v in os.environ.items() if not k.startswith(("GONGKAI_", "DJANGO_", "PYTEST"))}
        env |= {"GONGKAI_DATA_DIR": str(self.data), "GONGKAI_TODAY": TODAY}
        return env | ({"GONGKAI_DATABASE_URL": self.url} if self.url else {})

    def run(self, *words: str, code: int = 0) -> str:
        """Run one command; its output. The test fails when it ends with another code."""
        done = subprocess.run(
            [sys.executable, "-m", "gongkai", *words], env=self.env, capture_output=True, text=True, timeout=400
        )
        assert done.returncode == code, f"{words}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        assert "Traceback" not in done.stderr
        return done.stdout + done.stderr

    def start(self, *words: str) -> subprocess.Popen[str]:
        """Start one command in a process group of its own."""
        return subprocess.Popen(
            [sys.executable, "-m", "gongkai", *words],
            env=self.env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )


def url_of(database: str) -> str:
    """The address of another database of the same cluster."""
    parts = urlsplit(os.environ["GONGKAI_DATABASE_URL"])
    return urlunsplit(parts._replace(path=f"/{database}"))


@contextmanager
def fresh_database() -> Iterator[str]:
    """A new database, gone afterwards."""
    name = f"site_{secrets.token_hex(4)}"
    with psycopg.connect(os.environ["GONGKAI_DATABASE_URL"], autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        try:
            yield url_of(name)
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")
