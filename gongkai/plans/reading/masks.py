"""Brackets and blanks: what belongs to a name and is not split, and what says that there is none."""

from __future__ import annotations

import re

NONE_WORDS = frozenset({"/", "／", "无", "-", "—", "－", "——", "--", "\\", "暂无", "不涉及", "*", "空"})
DITTO = re.compile(r"^(?:同上|同前|〃|″|''|\"|”|々|同上行|同上一行|..)$".replace("|..", ""))
_MASK_START = 0xE000


def is_nothing(text: str) -> bool:
    """True for a cell that says that there is no unit: empty, `/`, 无, a dash."""
    plain = re.sub(r"\s+", "", text)
    return not plain or plain in NONE_WORDS


def is_ditto(text: str) -> bool:
    """True for 同上, 〃 and their like."""
    return DITTO.fullmatch(re.sub(r"\s+", "", text).strip("（）()。")) is not None


_SAME_AS = re.compile(
    r"(?:责任|牵头|配合)?(?:单位)?(?:与|同)(?:上述|上表)?(?:第|序号)?(\d{1,3})(?:项|条|行|号)?(?:任务)?(?:相同|一致|同)?"
)


def same_as(text: str) -> str | None:
    """The number of the row that a cell points to: 同第1项, 同序号3; None for other cells."""
    match = _SAME_AS.fullmatch(re.sub(r"\s+", "", text).strip("（）()。"))
    return match[1] if match else None


class Mask:
    """Hides brackets that belong to names, so that their inside is neither split nor read as a verb."""

    def __init__(self, text: str) -> None:
        self.held: list[str] = []
        out: list[str] = []
        at = 0
        for start, end in bracket_groups(text):
            inner = text[start + 1 : end - 1]
            out.append(text[at:start])
            verb = re.fullmatch(
                r"\s*(牵头|主办|配合|协办|参与|负责|牵头单位|责任单位|配合单位|主办单位|协办单位|牵头部门|配合部门|责任部门|统筹|按职责分工负责|按职责分工|分别负责)\s*",
                inner,
            )
            if verb:
                # “市教育局（牵头）”: the bracket is the verb of what stands before it.
                word = re.sub(r"单位|部门", "", verb.group(1))
                out.append(word.replace("责任", "负责") if word != "责任" else "负责")
                out.append("，")
            elif re.match(r"\s*(以下简称|下同|排名|排第|按)", inner):
                pass
            else:
                out.append(chr(_MASK_START + len(self.held)))
                self.held.append(text[start:end])
            at = end
        out.append(text[at:])
        self.text = "".join(out)

    def open(self, text: str) -> str:
        return re.sub(
            r"[\ue000-\ue8fe]",
            lambda m: self.held[i] if (i := ord(m.group()) - _MASK_START) < len(self.held) else m.group(),
            text,
        )


def bracket_groups(text: str) -> list[tuple[int, int]]:
    """Outermost bracket groups as [start, end)."""
    pairs = {"（": "）", "(": ")", "〔": "〕", "[": "]", "【": "】", "〈": "〉", "<": ">"}
    closing = set(pairs.values())
    groups: list[tuple[int, int]] = []
    depth = 0
    start = 0
    for i, character in enumerate(text):
        if character in pairs:
            if depth == 0:
                start = i
            depth += 1
        elif character in closing and depth:
            depth -= 1
            if depth == 0:
                groups.append((start, i + 1))
    return groups


def unwrap_bracket(text: str) -> str:
    """The inside of a text that is one bracket from end to end; other texts as they are."""
    text = text.strip().rstrip("。；;，,")
    groups = bracket_groups(text)
    if len(groups) == 1 and groups[0] == (0, len(text)):
        return text[1:-1].strip()
    return text
