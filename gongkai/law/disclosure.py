"""What must be disclosed without being asked for (条例第十九条至第二十一条), in the words of the law."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True, slots=True)
class Listed:
    """What one article lists: the article as it is cited, and its items in the order of the law."""

    basis: str
    items: tuple[str, ...]


@lru_cache(maxsize=1)
def _data() -> dict[str, Any]:
    return tomllib.loads((files("gongkai.law") / "tables" / "disclosure.toml").read_text("utf-8"))


def citation() -> str:
    """From where the words are."""
    return str(_data()["citation"])


def article20() -> Listed:
    """What every body discloses (第二十条)."""
    one = _data()["article20"]
    return Listed(one["basis"], tuple(one["items"]))


def article21(kind: str) -> Listed:
    """What a body of this kind discloses besides, by what it does (第二十一条)."""
    one = next(g for g in _data()["article21"] if kind in g.get("kinds", (kind,)))
    return Listed(one["basis"], tuple(one["topics"]))


def article19() -> Listed:
    """What else concerns the public (第十九条)."""
    one = _data()["article19"]
    return Listed(one["basis"], (one["text"],))
