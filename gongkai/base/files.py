"""Files written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

NEW = ".new-"
"""How the name of a file begins until it is whole; what a killed process leaves behind is known by it."""


def write_whole(path: Path, data: bytes, *, mode: int = 0o600, lasting: bool = True) -> None:
    """Put bytes at a path in one step: whoever reads finds what was there before, or all of the new.

    They are written aside and moved into place; `lasting` waits until they stand on the disk.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, held = tempfile.mkstemp(dir=path.parent, prefix=NEW)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(data)
            os.fchmod(out.fileno(), mode)
            if lasting:
                out.flush()
                os.fsync(out.fileno())
        Path(held).replace(path)
    except BaseException:
        Path(held).unlink(missing_ok=True)
        raise
