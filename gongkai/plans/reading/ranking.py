"""A rule that a plan states once about its lists of units: the first leads, or those with a star."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from gongkai.plans.reading.brackets import responsibility_groups
from gongkai.plans.reading.responsibility import MARKS, Responsibility

_FIRST = re.compile(
    r"(?:列|排)(?:在|名)?(?:第一位?|首位|首)(?:的|者)?[^，。；]{0,8}(?:为|是|负责)?牵头"
    r"|(?:第一|首)(?:家|个|位|名)?(?:单位|部门|科室)?(?:的)?(?:为|是)牵头|排名第一的为牵头"
)
_MARKED = re.compile(
    rf"(?:带|标|加|注|打|画)(?:有|注|了)?[“\"'（(]?(?P<a>[{MARKS}])[”\"'）)]?(?:号|标识|标志|符号)?(?:的)?(?:单位|部门|科室|者)?(?:为|是)?牵头"
    rf"|[“\"'（(]?(?P<b>[{MARKS}])[”\"'）)]?(?:号|标识|标志|符号)?(?:的)?(?:单位|部门|科室|者)?(?:为|是|表示|代表|指)牵头"
)


@dataclass(frozen=True, slots=True)
class Ranking:
    """Whether the first unit of a list leads, or the sign that those who lead bear."""

    first: bool = False
    mark: str = ""

    def applied(self, answer: Responsibility) -> None:
        """Tell leads from supports, where the list itself did not."""
        if answer.support or answer.stated_lead or len(answer.lead) < 2:
            return
        starred = [n for n in answer.lead if self.mark and answer.marked.get(n) == self.mark]
        leads = starred or (answer.lead[:1] if self.first else [])
        if leads:
            answer.lead, answer.support = leads, [n for n in answer.lead if n not in leads]


def ranking_of(texts: Iterable[str]) -> Ranking:
    """The rule that stands in any of the texts, outside what one item says of its own units."""
    first, mark = False, ""
    for text in texts:
        for pattern in (_FIRST, _MARKED):
            match = pattern.search(text)
            if match is None or any(a <= match.start() < b for a, b in responsibility_groups(text)):
                continue
            first |= pattern is _FIRST
            if pattern is _MARKED:
                mark = mark or match["a"] or match["b"]
    return Ranking(first, mark)


def first_leads(text: str) -> bool:
    """Whether a list says of itself that its first unit leads."""
    return _FIRST.search(text) is not None
