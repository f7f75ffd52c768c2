"""The gates that a version passes before it goes out, from `gates.toml`."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple


class Gate(NamedTuple):
    """A named check by a named person that a version must pass."""

    code: str
    name: str
    role: str
    review: bool
    basis: str
    asks: tuple[str, ...]


@lru_cache(maxsize=1)
def own_folder() -> Path:
    """Where the kinds and gates of the program lie."""
    return Path(str(files("gongkai.records")))


@lru_cache(maxsize=1)
def gates() -> dict[str, Gate]:
    """Every gate there is, from `gates.toml`."""
    data = tomllib.loads((own_folder() / "gates.toml").read_text("utf-8"))
    return {
        code: Gate(code, one["name"], one["role"], one.get("review", False), one["basis"], tuple(one.get("asks", ())))
        for code, one in data["gate"].items()
    }
