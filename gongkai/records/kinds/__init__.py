"""Kinds of record, each a TOML file: fields, checks, gates, cadence, masks, audience, view. docs/kinds.md tells how.

The form, the checks, the public page, the tables for download and the duty all come from the file. A file that does
not hold is refused when the program starts, with its line and the reason.
"""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

from gongkai.records.kinds.declared import (
    AUDIENCES,
    CADENCES,
    CHECKS,
    COLUMN_TYPES,
    COMMON,
    FIELD_TYPES,
    MASKS,
    VIEWS,
    BadKind,
    Cadence,
    Check,
    Column,
    Field,
    FieldType,
    Kind,
    Mask,
)
from gongkai.records.kinds.gate import Gate, gates, own_folder
from gongkai.records.kinds.reader import read

__all__ = [
    "AUDIENCES",
    "CADENCES",
    "CHECKS",
    "COLUMN_TYPES",
    "COMMON",
    "FIELD_TYPES",
    "MASKS",
    "VIEWS",
    "BadKind",
    "Cadence",
    "Check",
    "Column",
    "Field",
    "FieldType",
    "Gate",
    "Kind",
    "Mask",
    "folders",
    "forget",
    "gates",
    "kind_of",
    "kinds",
    "read",
]


def folders() -> list[Path]:
    """Where kinds are looked for: with the program, then in GONGKAI_KINDS (folders separated as PATH is)."""
    more = [Path(p) for p in os.environ.get("GONGKAI_KINDS", "").split(os.pathsep) if p]
    return [own_folder() / "kinds", *more]


@lru_cache(maxsize=4)
def _load(where: tuple[Path, ...]) -> dict[str, Kind]:
    found: dict[str, Kind] = {}
    for folder in where:
        if not folder.is_dir():
            raise BadKind(f"{folder}：没有这个文件夹（GONGKAI_KINDS）。")
        for path in sorted(folder.glob("*.toml")):
            kind = read(path)
            found[kind.code] = kind
    for kind in found.values():
        for field in kind.fields:
            for code in field.kinds:
                if code not in found:
                    raise BadKind(f"{kind.code}.toml：字段 {field.key} 的 kinds 写了“{code}”，没有这个信息种类。")
    return dict(sorted(found.items(), key=lambda item: (item[1].position, item[0])))


def kinds() -> dict[str, Kind]:
    """Every kind there is, in the order of `position`. Raises BadKind."""
    return _load(tuple(folders()))


def kind_of(code: str) -> Kind:
    """A kind by its code. Raises KeyError."""
    return kinds()[code]


def forget() -> None:
    """Read the files again the next time: for tests that add a folder."""
    _load.cache_clear()
