"""A file is written whole or not at all."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from gongkai.base.files import write_whole


def test_what_is_there_is_replaced_in_one_step(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b.json"
    write_whole(path, b"old")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    write_whole(path, b"new", mode=0o644)
    assert path.read_bytes() == b"new" and stat.S_IMODE(path.stat().st_mode) == 0o644
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("name", ["fsync", "fchmod"])
def test_a_full_disk_leaves_the_old_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    path = tmp_path / "b.json"
    write_whole(path, b"old")

    def full(*_: object) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(f"os.{name}", full)
    with pytest.raises(OSError, match="No space"):
        write_whole(path, b"new")
    assert path.read_bytes() == b"old" and list(tmp_path.iterdir()) == [path]
