"""Files of the press: written whole or not at all, taken away for good, under a lock that all presses share."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from gongkai.base.files import NEW, write_whole


def folder() -> Path:
    """Where finished pages lie; served as /p/."""
    return Path(settings.GONGKAI_DATA_DIR) / "press"


def make_folder() -> Path:
    """The folder, readable by the web server whatever the process's mask is: what lies there is public."""
    path = folder()
    if not path.is_dir():
        path.mkdir(parents=True, exist_ok=True)
        path.chmod(0o755)
    return path


@contextmanager
def alone(name: str = "press") -> Iterator[None]:
    """Only one press at a time, over all processes: what one has read as public, no other may withdraw meanwhile.

    A lock of the system goes with its process: a killed press leaves none behind.
    """
    path = Path(settings.GONGKAI_DATA_DIR) / f"{name}.lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


@contextmanager
def alone_or_not(name: str) -> Iterator[bool]:
    """True for the first; False, at once, for whoever comes while it is at work."""
    path = Path(settings.GONGKAI_DATA_DIR) / f"{name}.lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def write(path: Path, data: bytes, *, lasting: bool = True) -> bool:
    """Put bytes at a path in one step; False where they are there already. `lasting` waits for the disk."""
    try:
        if path.stat().st_size == len(data) and path.read_bytes() == data:
            return False
    except OSError:
        pass
    _parent(path)
    write_whole(path, data, mode=0o644, lasting=lasting)
    return True


def place(path: Path, kept: Path) -> bool:
    """Let a kept file stand at a path as well: the same bytes on the disk where that is possible, a copy where not."""
    try:
        there, here = kept.stat(), path.stat()
        if there.st_ino == here.st_ino and there.st_dev == here.st_dev:
            return False
        if there.st_size == here.st_size and kept.read_bytes() == path.read_bytes():
            return False
    except FileNotFoundError:
        pass
    _parent(path)
    held = Path(tempfile.mktemp(dir=path.parent, prefix=NEW))
    try:
        try:
            os.link(kept, held)
        except OSError:
            shutil.copyfile(kept, held)
        held.chmod(0o644)
        held.replace(path)
        held.unlink(missing_ok=True)  # two names of one file: replacing does nothing and leaves both
    except BaseException:
        held.unlink(missing_ok=True)
        raise
    return True


def _parent(path: Path) -> None:
    for level in reversed([path.parent, *path.parent.parents]):
        if level.is_relative_to(folder()) and not level.is_dir():
            level.mkdir(exist_ok=True)
            level.chmod(0o755)


def keep_only(root: Path, wanted: set[Path]) -> int:
    """Take away what lies in a folder and is not wanted; returns how many files that were."""
    gone = 0
    if not root.is_dir():
        return 0
    for path in sorted(root.rglob("*"), reverse=True):
        if path.is_dir() and not path.is_symlink():
            if not any(path.iterdir()):
                path.rmdir()
        elif path not in wanted:
            path.unlink(missing_ok=True)
            gone += 1
    if not any(root.iterdir()):
        root.rmdir()
    return gone


def settle() -> None:
    """Wait until what was written and taken away stands on the disk."""
    try:
        handle = os.open(folder(), os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
