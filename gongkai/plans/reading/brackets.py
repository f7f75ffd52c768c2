"""Responsibility in running text: “…。（责任单位：A、B）”, “（A牵头，B配合）”, or a line of its own."""

from __future__ import annotations

import itertools
import re

from gongkai.plans.reading.deadlines import looks_like_deadline
from gongkai.plans.reading.masks import Mask, bracket_groups, is_nothing, unwrap_bracket
from gongkai.plans.reading.responsibility import LABEL, VERB, looks_like_units

_OWN_LABEL = re.compile(
    r"^\s*(?:[（(【〔\[]\s*)?(?:第一)?(?:主要)?(?:(?:责任|牵头|配合|主办|协办|参与|承办|落实|主责|实施|协同|支持|指导|联合|共同|分管|负责|督导)(?:责任|实施|落实|配合|负责|及责任)?(?:单位|部门|科室|股室|处室|站所|站办所|办所|股所|部室|科（室）|处（室）|机构|主体|领导|人|分工)?(?:及(?:责任|分工)?人?)?|(?:完成|办理|落实)(?:时限|时间|期限|日期)|时限(?:要求)?|时间(?:节点|要求|安排))\s*[：:]"
)


def is_responsibility(inner: str, *, bare: bool = False) -> bool:
    """True when the inside of a bracket says who is responsible.

    `bare` admits a list of units without any label or verb.
    """
    inner = inner.strip()
    if is_nothing(inner) or len(inner) > 600:
        return False
    mask = Mask(inner)
    labels = list(LABEL.finditer(mask.text))
    if labels:
        if all(re.match(r"联系|监督|分管|电话", label["word"]) for label in labels):
            return False
        return labels[0].start() == 0 or looks_like_units(mask.text[: labels[0].start()]) > 0.5
    if re.search(r"[：:]", inner):
        return False
    verb = VERB.search(mask.text)
    if verb is not None:
        return looks_like_units(inner) >= 0.6
    return bare and looks_like_units(inner) >= 0.9


_LISTED = re.compile(r"(?:^|[。；;：:])\s*[一二三四五六七八九十]是[^。；;]*$")
"""一是…（甲局）；二是…（乙局）: each says who, without a verb."""


def responsibility_groups(text: str) -> list[tuple[int, int]]:
    """Brackets of `text` that name who is responsible, as [start, end); adjacent ones are joined."""
    groups: list[tuple[int, int]] = []
    outer = bracket_groups(text)
    last = len(text.rstrip("。；;，,、.！ \n"))
    timed = {(a, b) for a, b in outer if looks_like_deadline(text[a + 1 : b - 1])}
    for (start, end), following in itertools.zip_longest(outer, outer[1:]):
        beside = following[1] if following in timed and not text[end : following[0]].strip() else end
        # What stands close before is enough: a long text has thousands of brackets.
        said = text[max(0, start - 200) : start]
        since = groups[-1][1] if groups else -1
        near = bool(groups) and start - since < 50
        if (start, end) in timed and near and not text[since:start].strip():
            groups[-1] = (groups[-1][0], end)
            continue
        after = text[beside : beside + 1]
        at_end = beside >= last
        sentence = said.rstrip()[-1:] in "。；;！.？）)”】" or after in ("。", "；", ";", "")
        bare = at_end or (said.rstrip()[-1:] in "。；;！" and bool(start)) or _LISTED.search(said) is not None
        if (at_end or sentence) and is_responsibility(text[start + 1 : end - 1], bare=bare):
            if near and not text[since:start].strip("。；;，,、 \n"):
                groups[-1] = (groups[-1][0], end)
            else:
                groups.append((start, end))
    return groups


def inner_of(text: str) -> str:
    """The inside of one bracket or of several adjacent ones, joined by ；."""
    return "；".join(text[a + 1 : b - 1].strip() for a, b in bracket_groups(text))


def tail_responsibility(text: str) -> tuple[str, str]:
    """(text without its responsibility bracket at the end, what the bracket says); the second empty if none."""
    groups = responsibility_groups(text)
    if not groups:
        return text, ""
    start, end = groups[-1]
    if text[end:].strip("。；;，,、.！ \n"):
        return text, ""
    return text[:start].rstrip() + (
        "。" if text[end:].strip() and text[:start].rstrip()[-1:] not in "。；;！" else ""
    ), inner_of(text[start:end])


_BULLET = re.compile(r"^\s*[—–\-─•·●■▲◆★☆]+\s*")
_BOXED = re.compile(
    r"[【\[〔]\s*((?:责任|牵头|配合|主办|协办|参与|承办|落实|分管|负责|包保)(?:单位|部门|科室|处室|股室|领导|人)|(?:完成|办理|落实)(?:时限|时间|期限)|时限)\s*[】\]〕]\s*[：:]?"
)
_FOOTER = re.compile(r"网站|备案|版权|ICP|邮编|地址[：:]|传真|联系电话[：:]|电话[：:]")


_BY = re.compile(r"^(?:(?:此|该|本|上述)(?:项|条)?(?:工作|任务)?|以上(?:工作|任务))?由(?=[^，。；]{2,})")
_WORKS = re.compile(r"(?:牵头|负责|配合|落实|实施|参与|协助|指导|监督|会同|承办|办理)[^，]{0,6}$")


def _said_by(text: str) -> str | None:
    """由甲局负责，乙局协助，7月底前完成: who and by when, without the words around; None for other sentences."""
    begin = _BY.match(text)
    if begin is None or len(text) > 200 or re.search(r"[。；].", text):
        return None
    parts = [p for p in re.split(r"[，,]", text[begin.end() :].rstrip("。；; ")) if p.strip()]
    due = ""
    if len(parts) > 1 and looks_like_deadline(re.sub(r"^(?:于|在|应|须)", "", parts[-1].strip())):
        due = re.sub(r"^(?:于|在|应|须)", "", parts.pop().strip())
    owing = "，".join(parts)
    if not _WORKS.search(owing) or looks_like_units(owing) < 0.8:
        return None
    return f"{owing}；{due}" if due else owing


def own_line(text: str) -> str | None:
    """What a line says that holds nothing but the responsibility; None for other lines."""
    text = _BULLET.sub("", _BOXED.sub(r"\1：", text))
    plain = unwrap_bracket(text)
    if _FOOTER.search(plain):
        return None
    if _OWN_LABEL.match(plain):
        return plain
    if plain != text.strip().rstrip("。；;，,") and is_responsibility(plain, bare=True):
        return plain
    if (said := _said_by(plain)) is not None:
        return said
    if (
        len(plain) <= 200
        and not re.search(r"[。；].", plain)
        and VERB.search(Mask(plain).text)
        and looks_like_units(plain) >= 0.95
        and re.search(r"(?:牵头|负责|配合|落实|实施|参与)[^，]{0,6}$", plain.rstrip("。"))
    ):
        return plain
    return None
