"""The parts of which forms of steps are made: fields, what was typed, what a form does."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from gongkai.base.issues import refuse
from gongkai.cases.life import Standing
from gongkai.cases.models import Case
from gongkai.desk.forms import day_of, number_of
from gongkai.orgs.rules import Viewer


@dataclass(frozen=True, slots=True)
class About:
    """What a form is drawn for."""

    case: Case
    at: Standing
    viewer: Viewer


Options = Callable[[About], list[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form: `kind` is text, area, day, number, choice (one of few), pick (one of many) or tick."""

    name: str
    label: str
    kind: str = "text"
    help: str = ""
    required: bool = False
    start: Callable[[About], Any] | None = None
    options: Options | None = None


class Typed:
    """What was typed, read field by field."""

    def __init__(self, post: Mapping[str, str], about: About) -> None:
        self.post, self.about = post, about

    def text(self, name: str) -> str:
        return self.post.get(name, "").strip()

    def lines(self, name: str) -> list[str]:
        return self.post.get(name, "").splitlines()

    def day(self, name: str, label: str) -> dt.date | None:
        return day_of(self.post.get(name, ""), label, field=name)

    def number(self, name: str, label: str) -> int | None:
        text = self.text(name)
        if text and number_of(self.post, name) is None:
            raise refuse("form.number", f"{label}“{text[:20]}”不是正整数。", name)
        return number_of(self.post, name)

    def tick(self, name: str) -> bool:
        return self.post.get(name) == "1"

    def choice(self, name: str) -> bool | None:
        return {"yes": True, "no": False}.get(self.text(name))

    @property
    def on(self) -> dt.date:
        """The day on which it happened: today where it was not said; never later."""
        today = self.about.viewer.day
        day = self.day("on", "日期") or today
        if day > today:
            raise refuse("form.future", f"日期{day}还没有到，请填已经发生的日期。", "on")
        return day


@dataclass(frozen=True, slots=True)
class Form:
    """A step's form: what it says before it is sent, its fields, the action, what the button says."""

    say: str
    fields: tuple[Field, ...]
    run: Callable[[int, Typed, Viewer], Any]
    button: str = ""
    letters: tuple[str, ...] = ()
    """What is written and numbered when it is sent."""
    opens: str = ""
    """Set where the form itself shows who asks: opened by who may know, and the log says for what."""
