"""Lists of names: parted at the marks that part them, joined where only a line end or an edge parts them."""

from __future__ import annotations

import re

from gongkai.plans.reading.masks import NONE_WORDS, Mask
from gongkai.plans.reading.units import Known, join_pieces, part_glued

_WITH = re.compile(r"^(?:会同|联合(?!会|国)|商(?=[市县区省各有])|并会同|协同|联同)")
_PREFIX = re.compile(
    r"^(?:(?:此项|该项|本项|以上|上述)?(?:工作|任务|各项)?由|请|并由|并|和|及(?!时)|以及|与|分别由|原则上由|具体由|均由|其中|或)(?=[\u4e00-\u9fff])"
)
_AND_OTHERS = re.compile(
    r"等\s*(?:\d+|[一二三四五六七八九十]+)?\s*[个家]?(?:有关|相关|市直|县直|区直|市级|县级|区级|省级|责任|成员|职能|业务|省市|各有关|各相关|其他|主管|行业|配合|部门)*(?:部门|单位|科室|股室|处室|机构|企业|地区|地方|委办局|镇街|街镇)+(?:和单位)?$"
)


# “各市、县（市、区）政府” is one name: the mark stands inside it.
_INNER_COMMA = re.compile(
    r"(各(?:有关|相关)?(?:市|区|县|州|镇|乡|旗|地|设区市|地市))[、，](?=(?:县级市|县|区|街道|乡|镇|旗|园区|开发区)(?:[、，；。\s（(〔\ue000-\ue8fe]|人民政府|政府|办事处|管委会|$))"
)


def split_names(text: str, known: Known, *, wrapped: bool = False, mask: Mask | None = None) -> list[str]:
    """Names of a list: parted at 、，；/ and, where the names themselves say so, at line ends and blanks."""
    own = mask or Mask(text)
    body = own.text if mask is None else text
    body = _INNER_COMMA.sub("\\1\ue8ff", _single_blanks(body))
    full = max((len(line.strip()) for line in body.split("\n")), default=0)
    names: list[str] = []
    chunks = re.split(
        r"[、，,；;。|｜]|(?<=[\u4e00-\u9fff\ue000-\uf8ff])[/／](?=[\u4e00-\u9fff])|以及|等(?:和|及|与)(?=[各市县区省有相])",
        body,
    )
    at = 0
    for chunk in chunks:
        at = body.index(chunk, at)
        line_begins = body.rfind("\n", 0, at) + 1
        before = len(body[line_begins:at].lstrip())
        at += len(chunk)
        for name in _chunk_names(chunk, known, own, wrapped, full, before):
            cleaned = _clean(name.replace("\ue8ff", "、"))
            if cleaned:
                names.append(cleaned)
    return _drop_others(names)


def _single_blanks(text: str) -> str:
    """Justified lines spread a name with blanks between all characters: 市 农 业 农 村 → 市农业农村."""
    return re.sub(
        r"(?<![^\s、，,；;])[^\s\x00-\x7f](?:[ \u3000]+[^\s\x00-\x7f]){1,}(?=[ \u3000]*(?:[\n、，,；;]|$))",
        lambda m: re.sub(r"[ \u3000]+", "", m.group()) if all(len(p) == 1 for p in m.group().split()) else m.group(),
        text,
    )


def _chunk_names(chunk: str, known: Known, mask: Mask, wrapped: bool, full: int, before: int) -> list[str]:
    """Names of a chunk; `before` is the length of what stands before it on its first line."""
    pieces: list[str] = []
    gaps: list[float] = []
    lines = [line for line in chunk.split("\n") if line.strip()]
    for i, line in enumerate(lines):
        words = line.split()
        for j, word in enumerate(words):
            opened = mask.open(word)
            if not opened:
                continue
            if pieces:
                if j:
                    gap = 0.6
                elif wrapped:
                    # A line shorter than the column was ended by its author; a full one by the column's edge.
                    short = full - len(lines[i - 1].strip()) - (before if i == 1 else 0)
                    gap = -1.2 if short <= 1 else (0.0 if short == 2 else 1.2)
                else:
                    gap = 0.3
                if opened[0] in "（(〔[【〈":
                    pieces[-1] += opened
                    continue
                gaps.append(gap)
            pieces.append(opened)
    if not pieces:
        return []
    joined = join_pieces(pieces, gaps, known) if len(pieces) > 1 else pieces
    return [part for name in joined for part in part_glued(name, known)]


def _clean(name: str) -> str:
    name = re.sub(r"\s+", "", name).strip("、，,；;。.:：|·")
    name = _PREFIX.sub("", name)
    name = _WITH.sub("", name)
    return "" if name in NONE_WORDS else name


def _drop_others(names: list[str]) -> list[str]:
    out: list[str] = []
    for name in names:
        match = _AND_OTHERS.search(name)
        if match and not re.search(r"[高中平初同均优]$", name[: match.start()]):
            name = name[: match.start()]
        name = re.sub(r"[（(〔\[]\s*[）)〕\]]", "", name)
        if name and name not in out:
            out.append(name)
    return out


def rejoin(text: str, full: int) -> str:
    """Lines that reach the edge of their column joined to the next: the column broke them, not the author.

    `full` is the length in characters of the longest line of the column.
    """
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    out = ""
    for i, line in enumerate(lines):
        out += line
        if i + 1 < len(lines) and not (
            len(line) >= full - 1 > 2 or (line[-1] in "牵配负落" and lines[i + 1][0] in "头合责实")
        ):
            out += "\n"
    return out
