"""Which column is which: the header of one, two or three rows, by its words and not by its order.

Source: law.md §5 and YAML 15.7 (`standard_directory_columns`, `column_aliases`), with the variants met in county and
township directories: 公开类别 for 一级事项, 责任单位 for 公开主体, 三级事项, one column for 方式, 对象 or 层级.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from gongkai.papers.grid import Cell, CellKind

LABELS = {
    "number": "序号", "process": "过程", "level1": "一级事项", "level2": "二级事项", "level3": "三级事项",
    "level4": "四级事项", "content": "公开内容（要素）", "basis": "公开依据", "limit": "公开时限", "owner": "公开主体",
    "channels": "公开渠道和载体", "audience_all": "全社会", "audience_group": "特定群体", "audience": "公开对象",
    "proactive": "主动", "on_request": "依申请", "method": "公开方式", "county": "县级", "township": "乡级",
    "village": "村级", "levels": "公开层级", "five": "五公开", "form": "公开形式", "remark": "备注",
}  # fmt: skip
"""Roles of columns and what they are called in the official form."""
ITEMS = ("level1", "level2", "level3", "level4")
TICKS = ("audience_all", "audience_group", "proactive", "on_request", "county", "township", "village")
INHERITED = ("level1", "basis", "limit", "owner", "channels")
"""Where a blank stands for what is printed above (law.md §5: resolve 同上 and blanks from the row above)."""

_ITEM = "item"
_GROUPS = ("item", "audience", "method", "levels", "five")
"""Heads that may stand over several columns."""
# The first that fits decides; the words are without blanks and brackets.
_WORDS: tuple[tuple[str, str], ...] = (
    ("number", r"序号|编号|项目编号|事项编码|事项编号|序|NO\.?|索引号?|项次"),
    ("process", r"过程|公开过程|公开环节|环节"),
    ("level1", r"(?:公开)?(?:事项)?一级(?:公开)?(?:事项|目录|类别|分类|指标|标题|项目|栏目)?(?:名称)?|(?:信息|公开|事项)?(?:类别|大类|分类|类型)"),
    ("level2", r"(?:公开)?(?:事项)?二级(?:公开)?(?:事项|目录|类别|分类|指标|标题|项目|栏目)?(?:名称)?|(?:公开)?(?:子项|小类|细项)"),
    ("level3", r"三级(?:公开)?(?:事项|目录|类别|分类|指标|标题|项目|栏目)?(?:名称)?"),
    ("level4", r"四级(?:公开)?(?:事项|目录|类别|分类|指标|标题|项目|栏目)?(?:名称)?"),
    ("content", r"(?:主要)?(?:公开)?内容(?:要素|概述|描述|及要求|和要素|及要素|标准)*|(?:公开|内容)要素|具体内容|公开要点"),
    ("basis", r"(?:公开)?(?:的)?(?:法律|政策|法定|文件|主要|法规)?依据(?:文件)?"),
    ("limit", r"(?:公开|更新|发布)?(?:时限|时间|期限)(?:要求)?|(?:公开|更新)(?:周期|频率|频次)|时限及频率|公开时效"),
    ("owner", r"(?:公开)?(?:责任)?主体(?:单位|部门)?|(?:公开)?(?:责任|承办|发布|公开|牵头|实施)(?:单位|部门|科室|股室|机构|机关)|公开责任主体"),
    ("channels", r"(?:公开)?(?:的)?(?:渠道|载体|平台|途径|场所)(?:和|及|与|、|/|或)?(?:公开)?(?:渠道|载体|平台|方式|场所)?"),
    ("audience_all", r"(?:面向)?(?:全社会|社会公众|全体公众|社会|全体社会|全民)"),
    ("audience_group", r"(?:面向)?特定(?:群体|群众|对象|人群|人员|主体|公众)|特定"),
    ("audience", r"公开对象|公开范围|公开面"),
    ("proactive", r"主动(?:公开)?"),
    ("on_request", r"依?(?:依申请|申请)(?:公开)?"),
    ("method", r"(?:公开)?(?:方式|属性)|公开类型"),
    ("form", r"公开形式|形式"),
    ("levels", r"(?:公开)?(?:层级|级别|层次)"),
    ("five", r"(?:五|5)公开(?:要求|环节|类别)?"),
    ("stage", r"(?:决策|执行|管理|服务|结果)(?:公开)?"),
    ("item", r"(?:政务|政府信息|主动|信息)?公开(?:类别及)?(?:事项|项目|目录)(?:名称|分类|类别|及类别)?|事项(?:名称|分类)?|(?:信息|项目|公开|目录)?名称|政府信息公开类别及事项"),
    ("remark", r"备注|说明|附注|(?:网站)?所属栏目|栏目(?:名称|链接|地址)?|链接|公开网址|生成日期|联系电话"),
    ("span", r"公开(?:标准|要求|规范|信息)|标准|要素"),
)  # fmt: skip
_PATTERNS = [(role, re.compile(pattern, re.I)) for role, pattern in _WORDS]


@lru_cache(maxsize=4096)
def word_role(text: str) -> str | None:
    """The role that the words of a head stand for; None for words that are no head."""
    if len(text) > 40:
        return None
    flat = re.sub(r"[\s:：]+", "", unicodedata.normalize("NFKC", text))
    plain = re.sub(r"\(.*?\)|[()*]", "", flat)
    if not plain or len(plain) > 16:
        return None
    level = _level(flat)
    if level is not None:
        return level
    for role, pattern in _PATTERNS:
        if pattern.fullmatch(plain):
            return role
    return None


def _level(flat: str) -> str | None:
    """County, township, village or several of them (“乡、村级”) joined by +."""
    plain = re.sub(r"[()、,/及和与或·]", "", flat)
    if re.fullmatch(r"(?:省|自治区|省自治区|省级|国家级?|中央)", plain):
        return "higher"
    village = re.search(r"村|社区|居", plain) is not None
    township = re.search(r"乡|镇|街", plain) is not None
    county = re.search(r"县|区(?<!社区)|市|旗|本级", re.sub("社区", "", plain)) is not None
    if not re.fullmatch(
        r"[一-龥]{0,4}?(?:(?:县|区|市|旗|乡|镇|街道?|村居?|社区|居)+级?)+|本级|(?:区|市|县|镇|乡)?(?:部门|直)级?", plain
    ):
        return None
    if len(plain) > 4 and not plain.endswith("级"):
        return None
    if county and (township or village) and not re.search(r"县.*[乡镇]|区.*[镇街]", plain):
        county = plain.startswith(("县", "区", "市"))
    return "+".join(n for n, on in (("county", county), ("township", township), ("village", village)) if on) or None


def _head(row: list[Cell]) -> tuple[list[str], int]:
    """The roles of the heads of a row, and how many printed cells are none."""
    texts = [c.text for c in row if c.kind is CellKind.PRINTED and c.text.strip()]
    roles = [r for t in texts if (r := word_role(t)) is not None]
    return roles, len(texts) - len(roles)


def header_at(rows: list[list[Cell]], start: int) -> int:
    """The number of header rows that begin at `start`; 0 where none begins."""
    roles, strange = _head(rows[start])
    if len(roles) < 2 or strange > len(roles) // 3:
        return 0
    size = 1
    while start + size < len(rows) and size < 4:
        more, strange = _head(rows[start + size])
        if not more or strange > len(more) // 4 or not _beneath(rows[start : start + size + 1]):
            break
        roles += more
        size += 1
    return size if is_form(set(roles)) else 0


def _beneath(rows: list[list[Cell]]) -> bool:
    """The heads of the last row stand under heads of several columns, or under blanks, not under whole heads.

    Else a line of the body whose words happen to be heads (乡, 其他, 主动) would be taken for one.
    """
    last, above = rows[-1], rows[-2]
    if any(c.kind is CellKind.ABSENT for c in above):
        return True  # a text dump, whose cells may have moved
    held = {c.origin: c.text for row in rows for c in row if c.kind is CellKind.PRINTED}
    for c, cell in enumerate(last):
        if cell.kind is not CellKind.PRINTED or not cell.text.strip():
            continue
        text = held.get(above[c].origin, "")
        wide = sum(1 for x in above if x.origin == above[c].origin) > 1
        if text.strip() and not wide and word_role(text) not in (*_GROUPS, "span"):
            return False
    return True


def is_form(roles: set[str]) -> bool:
    """Heads enough for a directory: what is public, and two other things that only a directory says of it."""
    flat = {part for r in roles for part in r.split("+")}
    what = flat & {"item", *ITEMS, "content"}
    traits = flat & {
        "basis", "limit", "owner", "channels", "audience", "audience_all", "method", "proactive", "levels", "county",
        "township",
    }  # fmt: skip
    return bool(what) and len(traits | (flat & {"content"} if what - {"content"} else set())) >= 2


def columns_of(rows: list[list[Cell]]) -> list[str]:
    """The role of each column under the header rows; an empty string for a column of no known use."""
    texts = _stacked(rows)
    found: list[str] = []
    for stack in texts:
        roles = [r for t in stack if (r := word_role(t)) is not None and r != "span"]
        leaf = roles[-1] if roles else ""
        if leaf == "stage":
            leaf = f"five:{next(t for t in reversed(stack) if word_role(t) == 'stage')[:2]}"
        found.append(leaf)
    return _settled(found, texts)


def _stacked(rows: list[list[Cell]]) -> list[list[str]]:
    """The words over each column, outermost first. A blank right of a head that stands over several belongs to it."""
    held = {c.origin: c.text for row in rows for c in row if c.kind is CellKind.PRINTED and c.text.strip()}
    width = len(rows[0])
    stacks: list[list[str]] = []
    for c in range(width):
        stack: list[str] = []
        for r, row in enumerate(rows):
            text = held.get(row[c].origin, "")
            if not text and r + 1 < len(rows) and row[c].kind is not CellKind.MERGED:
                below = any(rows[q][c].kind is CellKind.PRINTED for q in range(r + 1, len(rows)))
                left = next((row[x].text for x in range(c - 1, -1, -1) if row[x].text.strip()), "")
                text = left if below and word_role(left) in (*_GROUPS, "span") else ""
            text = re.sub(r"\s+", "", text)
            if text and (not stack or stack[-1] != text):
                stack.append(text)
        stacks.append(stack)
    return stacks


def _settled(found: list[str], stacks: list[list[str]]) -> list[str]:
    """Columns of 公开事项 in order from the first level; two heads for one county level told apart."""
    out = list(found)
    free = [n for n in ITEMS if n not in out]
    for c, role in enumerate(out):
        if role == _ITEM:
            after = [i for i, n in enumerate(ITEMS) if n in out[:c]]
            names = [n for n in free if not after or ITEMS.index(n) > max(after)]
            out[c] = names[0] if names else "remark"
            if out[c] in free:
                free.remove(out[c])
    counties = [c for c, role in enumerate(out) if role == "county"]
    if len(counties) > 1:
        # 市级 | 县级: the first is the prefecture, which the form of a county has no use for.
        for c in counties:
            if stacks[c][-1].startswith("市") and len(counties) > 1:
                out[c] = "higher"
                counties = [x for x in counties if x != c]
    seen: set[str] = set()
    for c, role in enumerate(out):
        if role in seen and not role.startswith("five"):
            out[c] = "" if role not in ("county", "township", "village") else role
        seen.add(role)
    return out


def expanded(rows: list[list[Cell]], width: int) -> list[str]:
    """Columns of a two-row header whose second row has lost its blanks: children dealt out to the heads above them."""
    tops = [c.text for c in rows[0] if c.text.strip()]
    below = [c.text for c in rows[1] if c.text.strip()]
    wanted = {
        "item": {"level1", "level2", "level3", "level4"},
        "audience": {"audience_all", "audience_group"},
        "method": {"proactive", "on_request"},
        "levels": {"county", "township", "village", "township+village", "county+township"},
        "five": {"stage"},
    }
    out: list[str] = []
    for top in tops:
        role = word_role(top) or ""
        if role not in wanted:
            out.append("" if role == "span" else role)
            continue
        mine: list[str] = []
        while below and word_role(below[0]) in wanted[role]:
            mine.append(word_role(below.pop(0)) or "")
        out += mine or [role]
    return _settled(out, [[r] for r in out]) if not below and len(out) == width else []
