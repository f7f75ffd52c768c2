"""What is to be pressed later: small files with numbers of records, worked off one by one, redone when killed.

A rename of a large body or an import of thousands concerns more pages than anybody should wait for, and more than a
transaction should be open for.
"""

from __future__ import annotations

import json
import threading
import time
import uuid
from collections.abc import Callable, Iterable
from pathlib import Path

from django.conf import settings
from django.db import connection

from gongkai.base.files import write_whole
from gongkai.portal import paper

AT_A_TIME = 200


def folder() -> Path:
    """Where the files lie."""
    return Path(settings.GONGKAI_DATA_DIR) / "press-later"


def put(ids: Iterable[int]) -> list[Path]:
    """Leave records for later. What is here when this returns survives a crash; returns the notes."""
    held = sorted(set(ids))
    notes: list[Path] = []
    for at in range(0, len(held), AT_A_TIME):
        name = f"{time.time_ns():020d}-{uuid.uuid4().hex[:8]}.json"
        # Whoever runs the press may be another user than who left the note.
        write_whole(folder() / name, json.dumps(held[at : at + AT_A_TIME]).encode(), mode=0o644)
        notes.append(folder() / name)
    return notes


def left() -> list[Path]:
    """The files that wait, oldest first."""
    return sorted(folder().glob("[0-9]*.json")) if folder().is_dir() else []


def work_off_these(notes: Iterable[Path], press: Callable[[list[int]], object]) -> None:
    """Press what is on these notes now; one that somebody else has worked off meanwhile is done."""
    for path in notes:
        try:
            ids = [int(pk) for pk in json.loads(path.read_text())]
        except FileNotFoundError:
            continue
        press(ids)
        path.unlink(missing_ok=True)


def work_off(press: Callable[[list[int]], object]) -> int:
    """Press what waits until nothing is left; returns how many records. Where somebody is at it already: 0."""
    done = 0
    with paper.alone_or_not("press-later") as mine:
        while mine and (files := left()):
            for path in files:
                try:
                    ids = [int(pk) for pk in json.loads(path.read_text())]
                except FileNotFoundError:
                    continue
                press(ids)
                path.unlink(missing_ok=True)
                done += len(ids)
    return done


def work_off_aside(press: Callable[[list[int]], object]) -> None:
    """The same in a thread of its own: nobody waits for it, and what a killed process leaves the next one does."""

    def run() -> None:
        try:
            work_off(press)
        finally:
            connection.close()

    if left():
        threading.Thread(target=run, name="press-later", daemon=True).start()
