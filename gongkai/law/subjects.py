"""Subjects on which requests are to be answered more openly than the Regulation alone asks. From data with citations."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True, slots=True)
class Subject:
    """A subject: what it is known by, what to tell, and which grounds are no prohibition by law."""

    code: str
    name: str
    words: tuple[str, ...]
    say: str
    against: str
    basis: str
    may: tuple[str, ...]

    def tells(self, ground: str = "") -> str:
        """What to say to who uses a ground, or none yet; with its source."""
        return f"{self.say}{self.against if ground in self.may else ''}〔{self.basis}〕"


@lru_cache(maxsize=1)
def subjects() -> tuple[Subject, ...]:
    """Every subject there is."""
    held: list[dict[str, Any]] = tomllib.loads((files("gongkai.law") / "tables" / "subjects.toml").read_text("utf-8"))[
        "subject"
    ]
    return tuple(Subject(**{**one, "words": tuple(one["words"]), "may": tuple(one["may"])}) for one in held)


def subject_of(*texts: str) -> Subject | None:
    """The subject that texts may be about, by its words; None for most."""
    return next((s for s in subjects() for w in s.words if any(w in text for text in texts)), None)
