"""Personal data in rows of a table: a telling heading makes every value below it one, whatever its check digit."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from gongkai.records.checks import Finding
from gongkai.records.checks.names import is_fine_address, is_name
from gongkai.records.checks.personal import Hit, find, finding, mask_value

DEFAULT_MASKS = ("resident_id", "phone", "bank_card", "address", "licence_plate", "passport")
"""What is masked when nobody says otherwise; names stay, because awards and penalties need them."""

_TELLING = (
    ("resident_id", re.compile(r"身份证|证件号|身份号码|公民号码|残疾人?证号?|居住证号")),
    ("bank_card", re.compile(r"银行卡|卡号|存折|一卡通|社保卡|[账帐]号|[账帐]户号|银行[账帐]户")),
    ("phone", re.compile(r"手机|电话|联系方式|移动号码")),
    ("address", re.compile(r"家庭[住地]?[址地]|住址|户籍地|居住地|户口所在|现居|住所地址|详细地址|通[讯信]地址")),
    ("health", re.compile(r"病情|病种|病名|患病|疾病|诊断|残疾(?:类别|类型|等级|级别|程度)|健康(?:状况|情况)")),
    ("passport", re.compile(r"护照|通行证号")),
    ("licence_plate", re.compile(r"车牌|号牌")),
    (
        "name",
        re.compile(
            r"^(?:户主|姓名|申请人|受益人|补贴对象|救助对象|保障对象|领取人|收款人|家庭成员|被征收人|法定监护人|监护人|学生|村民|农户|持卡人|开户名|户名|低保对象|特困人员|残疾人)(?:姓名|名字|名称)?$|姓名$"
        ),
    ),
)
_OFFICES = re.compile(
    r"单位|部门|机构|窗口|科室|股室|网点|企业|公司|承办|主管|事项|学校|医院|服务中心|值班|咨询|监督|举报|投诉|办公"
)
_PERSONS = re.compile(r"身份证|户主|申请人|[账帐]号|卡号|住址|低保|补贴对象|救助|受益人|领取人|患|残疾|家庭")
_NOT_HEADING = re.compile(r"\d{4,}")
_QUANTITY = re.compile(
    r"金额|资金|合计|总额|面积|产值|收入|支出|数量|预算|决算|投资|余额|价格|[（(](?:[万亿千百]?元|亩|人|户|吨|%|平方|公里|人次)"
)
_NUMBER = re.compile(r"-?[\d,]+(?:\.\d+)?")
_BLANKS = ("", "-", "—", "/", "无", "同上", "合计", "小计", "总计", "\\", "待定", "不详")


class CellHit(NamedTuple):
    """Personal data in one cell; rows and columns count from 0. `whole` tells that the whole value is meant."""

    row: int
    column: int
    hit: Hit
    whole: bool


def telling(heading: str) -> str:
    """What stands below a heading, one of the sorts of `personal.WHAT`, or nothing."""
    plain = re.sub(r"[\s（(].*|[*＊:：]", "", heading.strip(), flags=re.S) or re.sub(r"\s", "", heading)
    plain = re.sub(r"\s", "", plain)
    if len(plain) > 16 or _NOT_HEADING.search(plain):
        return ""
    return next((what for what, pattern in _TELLING if pattern.search(plain)), "")


def heading_row(rows: Sequence[Sequence[Any]]) -> int:
    """Which of the first rows names the columns: the one with most telling headings; -1 when none does."""
    best, most = -1, 0
    for at, row in enumerate(rows[:12]):
        cells = [text_of(v) for v in row]
        if sum(1 for c in cells if c) < 2:
            continue
        score = sum(1 for c in cells if telling(c))
        if score > most:
            best, most = at, score
    return best


def text_of(value: Any) -> str:
    """A value as people read it: 4.40106199001011E+17 is of no use, 440106199001011000 is."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    text = str(value).strip()
    if re.fullmatch(r"\d(?:\.\d+)?[eE]\+?\d{1,2}", text):
        number = float(text)
        return str(int(number)) if number.is_integer() else text
    return text


def find_rows(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> list[CellHit]:
    """Personal data in a table, row by row."""
    whats = [telling(c) for c in columns]
    headings = " ".join(columns)
    people = bool(_PERSONS.search(headings)) or {"name", "phone"} <= set(whats)
    offices = bool(_OFFICES.search(headings)) and not _PERSONS.search(headings)
    listing = people and not offices
    found: list[CellHit] = []
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            text = text_of(value)
            if text in _BLANKS:
                continue
            what = whats[c] if c < len(whats) else ""
            hit = _whole(what, text, listing, headings=headings, heading=columns[c] if what else "")
            if hit is not None:
                found.append(CellHit(r, c, hit, True))
                continue
            if c < len(columns) and _QUANTITY.search(columns[c]) and _NUMBER.fullmatch(text):
                continue
            for one in _in_cell(columns[c] if c < len(columns) else "", text, listing):
                if offices and one.what == "address":
                    continue
                if offices and one.what == "phone":
                    one = Hit(one.what, one.start, one.end, one.found, one.masked, "warn")
                found.append(CellHit(r, c, one, False))
    return found


def _in_cell(heading: str, text: str, listing: bool) -> list[Hit]:
    """What is found in a cell, its heading read as the label before it."""
    if len(text) < 6:
        return []
    label = heading.strip() + "："
    return [
        Hit(h.what, h.start - len(label), h.end - len(label), h.found, h.masked, h.level)
        for h in find(label + text, listing=listing)
        if h.start >= len(label)
    ]


def _whole(what: str, text: str, listing: bool, *, headings: str, heading: str) -> Hit | None:
    """The value as one hit, when its heading makes it one."""
    plain = re.sub(r"[\s\-]", "", text)
    digits = sum(ch.isdigit() for ch in plain)
    level = "block"
    fits: object = None
    if not what or "*" in text or "＊" in text or "××" in text:
        return None
    if what == "resident_id":
        fits = digits >= 8 and re.fullmatch(r"[A-Za-z]{0,2}[0-9０-９]{8,22}[XxＸｘ]?\d{0,2}", plain)
    elif what == "bank_card":
        fits = digits >= 8 and re.fullmatch(r"[0-9０-９A-Za-z]{8,32}", plain)
        if not listing and not re.search("卡|折|个人", heading):
            level = "warn"  # an account of a body is public
    elif what == "phone":
        mobile = re.fullmatch(r"(?:\+?86)?1\d{9,11}", plain)
        home = re.search("家庭|住宅|本人", heading) or (
            listing and re.search("身份证|[账帐]号|卡号|住址|户主", headings)
        )
        fits = mobile or (home if digits >= 7 and re.fullmatch(r"[\d/、,，()（）+]+", plain) else None)
        if not listing and not re.search("手机|家庭|本人", heading):
            level = "warn"
        if re.search("单位|办公|咨询|监督|举报|投诉|值班|服务", heading):
            level = "warn"
            fits = mobile
    elif what == "address":
        fits = is_fine_address(text)
        level = "block" if listing else "warn"
    elif what == "name":
        fits, level = is_name(text), "warn"
    elif what == "health":
        fits, level = listing or "姓名" in headings, "warn"
    else:
        fits = digits >= 4
    if not fits:
        return None
    return Hit(what, 0, len(text), text, mask_value(what, text), level)


def findings(
    columns: Sequence[str], rows: Sequence[Sequence[Any]], *, where: str = "", field: str = ""
) -> list[Finding]:
    """What `find_rows` finds, in words; names and health data are said once for a column."""
    said: set[tuple[str, int]] = set()
    out: list[Finding] = []
    for row, column, hit, whole in find_rows(columns, rows):
        if whole and hit.what in ("name", "health"):
            if (hit.what, column) in said:
                continue
            said.add((hit.what, column))
        title = columns[column].strip() if column < len(columns) else ""
        out.append(finding(hit, f"{where}第{row + 1}行“{title or f'第{column + 1}列'}”", field))
    return out


def mask_rows(
    columns: Sequence[str],
    rows: Sequence[Sequence[Any]],
    masks: Iterable[str] | Mapping[str, Collection[str]] = DEFAULT_MASKS,
) -> list[list[Any]]:
    """The rows with what `masks` names covered; a mapping tells in which columns (all of them when it names none).

    A column that is named is covered whole, whatever its heading says.
    """
    limits = {w: set(where) for w, where in masks.items()} if isinstance(masks, Mapping) else {w: set() for w in masks}
    covered: list[list[Any]] = [list(row) for row in rows]

    def allowed(what: str, column: int) -> bool:
        return what in limits and (not limits[what] or (column < len(columns) and columns[column] in limits[what]))

    for what, named in limits.items():
        for c, title in enumerate(columns):
            if title in named:
                for row in covered:
                    text = text_of(row[c]) if c < len(row) else ""
                    if text not in _BLANKS and "*" not in text:
                        row[c] = mask_value(what, text)
    for _ in range(4):
        hits = [h for h in find_rows(columns, covered) if allowed(h.hit.what, h.column)]
        if not hits:
            break
        for row_at, column, hit, whole in reversed(hits):
            text = text_of(covered[row_at][column])
            covered[row_at][column] = hit.masked if whole else text[: hit.start] + hit.masked + text[hit.end :]
    return covered
