"""Outcomes of a request for information: article, report row, remedy clause, who reconsiders. From data with citations."""

from __future__ import annotations

import datetime as dt
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True, slots=True)
class Outcome:
    """One way in which a request may end. `must` are the fields that its answer must hold."""

    code: str
    name: str
    family: str
    basis: str
    row: str
    remedy: str
    must: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    asks_third_party: bool = False
    after_correction: bool = False
    after_reasons: bool = False
    after_lapse: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Remedy:
    """The clause that tells an applicant what they can do, with its source."""

    code: str
    name: str
    text: str
    citation: str


@lru_cache(maxsize=1)
def _data() -> dict[str, Any]:
    return tomllib.loads((files("gongkai.law") / "tables" / "outcomes.toml").read_text("utf-8"))


@lru_cache(maxsize=1)
def outcomes() -> dict[str, Outcome]:
    """Every outcome by its code, in the order of the report's rows."""
    made = {}
    for one in _data()["outcome"]:
        plain: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in one.items()}
        made[one["code"]] = Outcome(**plain)
    return made


def field_name(code: str) -> str:
    """What a field of an answer is called."""
    return str(_data()["field"][code])


def remedy(outcome: str, decided: dt.date, organ: str, *, online: str = "") -> Remedy:
    """The remedy clause of an answer decided on a day, naming the organ that reconsiders.

    The law on the day of the decision counts: before 2024 refusals did not go to reconsideration first. With `online`,
    the address at which a reconsideration is asked for, the clause tells it: an answer that is delivered over the
    internet must (行政复议法第二十二条第二款). Raises KeyError for an unknown outcome.
    """
    code = outcomes()[outcome].remedy
    rules = {r["code"]: r for r in _data()["remedy"]}
    since = rules[code].get("in_force_from")
    if since is not None and decided < since:
        code = "A"
    text = rules[code]["text"].format(organ=organ)
    citation = rules[code]["citation"]
    if outcomes()[outcome].code == "partial" and code == "B":
        text += "对公开部分不服的，也可以在收到本告知书之日起6个月内依法向有管辖权的人民法院提起行政诉讼。"
    if online:
        text += _data()["online"]["text"].format(address=online)
        citation += "；" + _data()["online"]["citation"]
    return Remedy(code, rules[code]["name"], text, citation)


def goes_to(kind: str) -> tuple[str, str]:
    """To whom a reconsideration of a body of this kind goes: (government | upper_government | upper_department,
    citation). Raises KeyError for a kind that decides nothing in its own name."""
    for one in _data()["organ"]:
        if kind in one["kinds"]:
            return str(one["goes_to"]), str(one["citation"])
    raise KeyError(kind)
