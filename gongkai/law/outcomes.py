"""Outcomes of a request for information: article, report row, remedy clause, who reconsiders. From data with citations."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True, slots=True)
class Outcome:
    """One way in which a request may end. `must` are the fields that its answer must hold, `may` those it can."""

    code: str
    name: str
    family: str
    basis: str
    row: str
    remedy: str
    must: tuple[str, ...] = ()
    may: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    after_correction: bool = False
    after_lapse: str = ""
    note: str = ""

    @property
    def withholds(self) -> bool:
        """Whether something is not disclosed under Articles 14 to 16, so that a ground is needed."""
        return "ground" in self.must


@dataclass(frozen=True, slots=True)
class Ground:
    """Why information is not disclosed (条例第十四条至第十六条), with its row of the report."""

    code: str
    name: str
    basis: str
    row: str
    must: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    asks_third_party: bool = False
    exception: str = ""


@dataclass(frozen=True, slots=True)
class Remedy:
    """The clause that tells an applicant what they can do, with its source."""

    code: str
    name: str
    text: str
    citation: str


@dataclass(frozen=True, slots=True)
class Organ:
    """Who reconsiders: where it goes (government, upper_government, upper_department), and the phrase of the law."""

    goes_to: tuple[str, ...]
    phrase: str
    citation: str


@lru_cache(maxsize=1)
def _data() -> dict[str, Any]:
    return tomllib.loads((files("gongkai.law") / "tables" / "outcomes.toml").read_text("utf-8"))


def _plain(one: Mapping[str, Any]) -> dict[str, Any]:
    return {k: tuple(v) if isinstance(v, list) else v for k, v in one.items()}


@lru_cache(maxsize=1)
def outcomes() -> dict[str, Outcome]:
    """Every outcome by its code, in the order of the report's rows."""
    return {one["code"]: Outcome(**_plain(one)) for one in _data()["outcome"]}


@lru_cache(maxsize=1)
def grounds() -> dict[str, Ground]:
    """Every ground of not disclosing by its code, in the order of the articles."""
    return {one["code"]: Ground(**_plain(one)) for one in _data()["ground"]}


def report_row(outcome: str, ground: str = "") -> str:
    """The row of the annual report's third table in which an outcome counts; a refusal counts under its ground.

    Raises KeyError for an unknown outcome or ground, and for a refusal without one.
    """
    return outcomes()[outcome].row or grounds()[ground].row


def must(outcome: str, ground: str = "") -> tuple[str, ...]:
    """The fields that an answer must hold: those of its outcome, then those of its ground."""
    found = outcomes()[outcome]
    if not found.withholds or ground not in grounds():
        return found.must
    return (*found.must, *grounds()[ground].must)


def field_name(code: str) -> str:
    """What a field of an answer is called."""
    return str(_data()["field"][code])


def remedy_code(outcome: str, decided: dt.date) -> str:
    """A (may choose) or B (reconsideration first), by the law on the day of the decision."""
    code = outcomes()[outcome].remedy
    since = _remedies()[code].get("in_force_from")
    return "A" if since is not None and decided < since else code


def tells_online(decided: dt.date) -> bool:
    """Whether an answer delivered over the internet must tell where to ask for reconsideration (行政复议法第二十二条第二款)."""
    return bool(decided >= _data()["online"]["in_force_from"])


def remedy(outcome: str, decided: dt.date, organ: str, *, online: str = "") -> Remedy:
    """The remedy clause of an answer decided on a day, naming the organ that reconsiders.

    The law on the day of the decision counts: before 2024 refusals did not go to reconsideration first. With `online`,
    the address at which a reconsideration is asked for, the clause tells it: an answer that is delivered over the
    internet must (行政复议法第二十二条第二款). Raises KeyError for an unknown outcome.
    """
    code = remedy_code(outcome, decided)
    rule = _remedies()[code]
    text = rule["text"].format(organ=organ)
    citation = rule["citation"]
    if outcome == "partial" and code == "B":
        text += "对公开部分不服的，也可以在收到本告知书之日起6个月内依法向有管辖权的人民法院提起行政诉讼。"
    if online:
        text += _data()["online"]["text"].format(address=online)
        citation += "；" + _data()["online"]["citation"]
    return Remedy(code, rule["name"], text, citation)


def _remedies() -> dict[str, dict[str, Any]]:
    return {r["code"]: r for r in _data()["remedy"]}


def goes_to(kind: str, decided: dt.date) -> Organ:
    """To whom a reconsideration goes against a body of this kind, by the law on the day of the decision.

    `judicial` is a department of justice that handles reconsiderations itself. Raises KeyError for a kind that decides
    nothing in its own name.
    """
    for one in _data()["organ"]:
        if kind in one["kinds"] and one.get("in_force_from", dt.date.min) <= decided <= one.get(
            "in_force_to", dt.date.max
        ):
            return Organ(tuple(one["goes_to"]), one["organ"], one["citation"])
    raise KeyError(kind)
