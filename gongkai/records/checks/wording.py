"""Wrong characters and wordings, each with the right one and the reason; the rules are data, in `wording.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from gongkai.records.checks import Finding


@dataclass(frozen=True, slots=True)
class Wording:
    """`wrong` should be `right`; inside one of `besides` it is no mistake."""

    wrong: str
    right: str
    why: str
    besides: tuple[tuple[str, int], ...] = ()
    """Longer words that hold it rightly, each with the place of `wrong` in it."""


@lru_cache(maxsize=1)
def rules() -> tuple[Wording, ...]:
    """Every rule, longer ones first, else in the order of the file. Raises ValueError when the file does not hold."""
    data = tomllib.loads((files("gongkai.records.checks") / "wording.toml").read_text("utf-8"))
    made: dict[str, Wording] = {}
    for group in data["group"]:
        for wrong, right, *besides in group["words"]:
            places = []
            for longer in besides:
                at = longer.find(wrong)
                if at < 0:
                    raise ValueError(f"wording.toml：例外“{longer}”里没有“{wrong}”。")
                places.append((longer, at))
            if wrong in made or wrong == right:
                raise ValueError(f"wording.toml：“{wrong}”写了两次，或对错相同。")
            at = right.find(wrong)
            if at >= 0:
                places.append((right, at))
            made[wrong] = Wording(wrong, right, group["why"], tuple(places))
    return tuple(sorted(made.values(), key=lambda r: -len(r.wrong)))


def find(text: str, *, where: str = "", field: str = "") -> list[Finding]:
    """Wrong words with the proposal, in order; all of them only warn."""
    found: list[tuple[int, int, Wording]] = []
    taken: set[int] = set()
    for rule in rules():
        at = text.find(rule.wrong)
        while at >= 0:
            end = at + len(rule.wrong)
            right = any(at >= shift and text.startswith(longer, at - shift) for longer, shift in rule.besides)
            if not right and taken.isdisjoint(range(at, end)):
                taken.update(range(at, end))
                found.append((at, end, rule))
            at = text.find(rule.wrong, end)
    out = []
    for at, end, rule in sorted(found, key=lambda f: f[0]):
        near = text[max(0, at - 6) : end + 6].replace("\n", " ")
        place = where or (f"第{text.count(chr(10), 0, at) + 1}段" if "\n" in text else "")
        say = f"“{rule.wrong}”应为“{rule.right}”：{rule.why}（……{near}……）"
        out.append(Finding("wording", "warn", say, place, field, rule.wrong, rule.right))
    return out
