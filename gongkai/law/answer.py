"""The answer to “until when?”: a day, and the working that leads to it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any


@dataclass(frozen=True, slots=True)
class Step:
    """One line of “为什么是这一天？”: the day it is about, the Chinese text, the article of law."""

    day: dt.date
    text: str
    basis: str

    def to_json(self) -> dict[str, str]:
        """{"date", "text", "basis"}."""
        return {"date": self.day.isoformat(), "text": self.text, "basis": self.basis}


@dataclass(eq=False)
class Due:
    """The last day of a period, or for a minimum the first day on which it may end.

    day          the date
    provisional  True when a year without a State Council notice was touched
    reason       why it is provisional (Chinese), else None
    moment       for periods in hours: the moment they end, else None
    assumptions  Chinese sentences on what was assumed because a fact is still open
    steps        the working; put into words only when somebody asks
    """

    day: dt.date
    provisional: bool = False
    reason: str | None = None
    moment: dt.datetime | None = None
    rule: str | None = None
    title: str | None = None
    citation: str | None = None
    assumptions: tuple[str, ...] = ()
    _explain: Callable[[], tuple[Step, ...]] = field(default=tuple, repr=False)

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """The working, from the start of the period to its last day."""
        # Lazy: a list of thousands of duties needs the day of each and the words of one.
        return self._explain()

    def to_json(self) -> dict[str, Any]:
        """A dict ready for json.dumps: due, provisional, steps, and what is relevant of the rest."""
        out: dict[str, Any] = {"due": self.day.isoformat(), "provisional": self.provisional}
        if self.rule:
            out |= {"rule": self.rule, "title": self.title, "citation": self.citation}
        if self.moment is not None:
            out["moment"] = self.moment.isoformat()
        if self.reason:
            out["provisional_reason"] = self.reason
        if self.assumptions:
            out["assumptions"] = list(self.assumptions)
        out["steps"] = [step.to_json() for step in self.steps]
        return out
