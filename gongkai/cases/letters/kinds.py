"""Which letters there are: read from the tables beside this file, with what each must hold and may hold."""

from __future__ import annotations

import datetime as dt
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from gongkai.law import outcomes as law

TABLES = ("process.toml", "forms.toml", "answers.toml")
REMEDY_ORGAN = "青禾县人民政府"
"""Who reconsiders in the samples: the government of the invented county."""

Value = str | int | dt.date | list[str]


@dataclass(frozen=True, slots=True)
class Field:
    """One thing a letter can say. `type` is text, day, number or list; `name` is Chinese."""

    code: str
    type: str
    name: str
    personal: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a form: label and value in turn, and the least height in mm (0: as its text needs)."""

    cells: tuple[str, ...]
    height: int


@dataclass(frozen=True, slots=True)
class LetterKind:
    """One kind of letter.

    family   process (on the way), answer (ends the request), inside (stays with the organ)
    to       applicant, third_party, organ (another organ), inside
    numbered whether it has a 文号 of its own
    remedy   whether it tells what can be done against it; procedural letters do not
    basis    the articles it rests on
    needs    fields without which it is not made; may: fields it prints when given
    body     its paragraphs with tags; table: the rows of a form
    """

    code: str
    name: str
    title: str
    family: str
    to: str
    numbered: bool
    remedy: bool
    basis: tuple[str, ...]
    needs: tuple[str, ...]
    may: tuple[str, ...]
    body: tuple[str, ...] = ()
    table: tuple[Row, ...] = ()

    @property
    def fields(self) -> tuple[str, ...]:
        """Everything its text may mention; nothing else ever reaches it."""
        return (*self.needs, *self.may)

    @property
    def about_others(self) -> bool:
        """Whether it goes to somebody who must not learn who asked (条例第三十二条)."""
        return self.to == "third_party"


def _table(name: str) -> dict[str, Any]:
    return tomllib.loads((files("gongkai.cases.letters") / name).read_text("utf-8"))


@lru_cache(maxsize=1)
def fields() -> dict[str, Field]:
    """Every field by its code. Those of an outcome are called as in the law's table, so that forms say the same."""
    data = _table("fields.toml")
    personal = set(data["personal"]["fields"])
    return {
        code: Field(code, kind, name or law.field_name(code), code in personal)
        for code, (kind, name) in data["field"].items()
    }


@lru_cache(maxsize=1)
def kinds() -> dict[str, LetterKind]:
    """Every letter by its code: process letters (条例第三十条至第三十五条), forms, answers (第三十六条至第三十九条)."""
    out: dict[str, LetterKind] = {}
    for name in TABLES:
        data = _table(name)
        for one in data["letter"]:
            kind = _kind(one, data["shape"][one["shape"]])
            out[kind.code] = kind
    return out


def _kind(one: dict[str, Any], shape: dict[str, Any]) -> LetterKind:
    dropped = set(one.get("drop", ()))
    needs = [f for f in (*shape.get("needs", ()), *one.get("needs", ())) if f not in dropped]
    may = [f for f in (*shape.get("may", ()), *one.get("may", ())) if f not in needs]
    body = [*shape.get("opening", ()), *one.get("body", ()), *one.get("closing", shape.get("closing", ()))]

    def said(key: str, default: Any) -> Any:
        return one.get(key, shape.get(key, default))

    return LetterKind(
        code=one["code"],
        name=one["name"],
        title=one.get("title", one["name"]),
        family=said("family", ""),
        to=said("to", ""),
        numbered=said("numbered", False),
        remedy=said("remedy", False),
        basis=tuple(one["basis"]),
        needs=tuple(dict.fromkeys(needs)),
        may=tuple(dict.fromkeys(may)),
        body=tuple(body),
        table=tuple(Row(tuple(r["cells"]), r.get("height", 0)) for r in one.get("table", ())),
    )


def kind_of_answer(outcome: str, ground: str = "") -> str:
    """The code of the answer to an outcome of the law's table; a refusal has one text for each ground.

    条例第三十六条第（三）项 with 第十四条至第十六条. Raises KeyError for an unknown outcome, and for a refusal without a
    known ground.
    """
    code = (
        "other" if outcome == "amend_elsewhere" else outcome
    )  # 第四十一条: who is told where to ask gets the general form
    if outcome in law.outcomes() and outcome == "refused":
        code = f"refused_{law.grounds()[ground].code}"
    if kinds()[code].family != "answer":
        raise KeyError(outcome)
    return code


@lru_cache(maxsize=1)
def _samples() -> dict[str, Any]:
    return _table("samples.toml")


def sample(code: str) -> dict[str, Value]:
    """Invented fields for a preview of a letter: all it needs and most of what it may hold. Raises KeyError.

    The remedy clause is the law's own for the outcome (行政复议法第二十条、第二十三条), on the sample's day.
    """
    kind, data = kinds()[code], _samples()
    values = {**data["sample"], **data.get("letter", {}).get(code, {})}
    if kind.remedy:
        outcome = "refused" if code.startswith("refused_") else code
        known = outcome if outcome in law.outcomes() else "other"
        values["remedy"] = law.remedy(known, values["decided"], REMEDY_ORGAN).text
    return {name: values[name] for name in kind.fields if name in values}
