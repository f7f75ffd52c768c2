"""Personal data in running text: what is found, where, and what stands in its place once it is masked.

Numbers are taken in whole runs of digits with their blanks and hyphens, so that no part of a longer number is ever
mistaken for a number of its own. `find` looks, `mask` covers, `findings` says it in words for people.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from stdnum import luhn, numdb
from stdnum.cn import ric, uscc
from stdnum.exceptions import ValidationError

from gongkai.records.checks import Finding
from gongkai.records.checks.names import HIDDEN, kept_address, mask_address, mask_name

__all__ = ["WHAT", "Hit", "clean", "find", "findings", "mask", "mask_name", "mask_value"]

WHAT = {
    "resident_id": "居民身份证号",
    "phone": "手机号码",
    "bank_card": "银行卡号",
    "address": "家庭住址",
    "name": "姓名",
    "licence_plate": "车牌号",
    "passport": "护照号",
    "health": "健康信息",
}


@dataclass(frozen=True, slots=True)
class Hit:
    """Personal data at `start:end` of a text; `masked` is what may stand there. `level` is `block` or `warn`."""

    what: str
    start: int
    end: int
    found: str
    masked: str
    level: str = "block"


_FOLD = {ord("０") + n: ord("0") + n for n in range(10)}
_FOLD |= {ord("Ａ") + n: ord("A") + n for n in range(26)} | {ord("ａ") + n: ord("a") + n for n in range(26)}
_FOLD |= dict.fromkeys(map(ord, "－–—‐‑‒―−﹣"), ord("-"))
_FOLD |= dict.fromkeys(map(ord, "\u3000\xa0\u2002\u2003\u2009\u200b\u200c\u200d\u2060\ufeff\xad"), ord(" "))
_FOLD |= {ord("＊"): ord("*"), ord("＋"): ord("+"), ord("："): ord(":")}

_RUN = re.compile(r"[0-9*]+(?:[ -]{1,2}[0-9*]+)*(?:[ -]{0,2}[Xx](?:[0-9]{2})?(?![A-Za-z0-9]))?")
_GROUP = re.compile(r"[0-9*]+|[Xx](?:[0-9]{2})?")
_URL = re.compile(r"(?:https?://|www\.)[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+")
_UNIT = re.compile(
    r" ?(?:[万亿千百]|元|平方|立方|亩|公顷|吨|人(?!工)|户|件|条|笔|只|头|株|美元|度|千瓦|[%％㎡]|k?[mg]\b)"
)
_ID_LABEL = re.compile(r"(?:身份证|证件号|身份号码|居住证|残疾人?证)[^0-9。；;\n]{0,12}$")
_SERIAL_LABEL = re.compile(
    r"(?:编号|编码|单号|订单|流水号?|代码|索引号|受理号|案号|档案号|备案号|批号|序列号|登记号)[^0-9。；;\n]{0,6}$"
)
_CARD_LABEL = re.compile(r"(?:卡号|存折号?|一卡通|社保卡|银行卡|储蓄卡|个人账[号户])[^0-9。；;\n]{0,10}$")
_ACCOUNT_NEAR = re.compile(r"(?:卡|账号|帐号|账户|帐户|存折|开户|银行|信用社)[^。；;\n]{0,24}$")
_OFFICE_PHONE = re.compile(
    r"(?:(?:咨询|联系|监督|举报|投诉|值班|服务|办公|报名|预约|热线|受理|查询|求助|报警|救援|业务|应急|公开|客服|订餐|反馈)"
    r"(?:电话|手机|方式|热线)|热线|电话)[^。；;\n]{0,60}$"
)
_OWN_PHONE = re.compile(r"(?:本人|户主|申请人|当事人|家长|监护人|业主|患者|家庭|个人|学生|村民)[^。；;\n]{0,20}$")
_MOBILE = re.compile(r"1[3-9]\d{9}")
_PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]([A-HJ-NP-Z])[ ·•.-]?"
    r"((?=[A-Z]{0,5}[0-9])(?:[DF][A-HJ-NP-Z0-9][0-9]{4}|[0-9]{5}[DF]|[A-HJ-NP-Z0-9]{4}[A-HJ-NP-Z0-9挂学警港澳]))(?![A-Za-z0-9-])"
)
_CAR = re.compile(r"(?:车|号牌|驾驶)")
_PUBLIC_CAR = re.compile(r"(?:公务用?车|公车|执法车|救护车|消防车|校车|公交车|洒水车|拍卖|处置)")
_PASSPORT = re.compile(
    r"(?:护照|通行证|回乡证|台胞证)(?:[^A-Za-z0-9。；;\n]{0,12}|[ :]*(?:No|NO|no)[.:]? ?)([A-Z]{1,2} ?\d{7,9}|(?<!\d)\d{8,9})(?![A-Za-z0-9年])"
)

_NUM = r"[0-9一二三四五六七八九十百]{1,5}"
_STREET = re.compile(
    rf"(?:大道|路|街|巷|弄|里|胡同|小区|花园|苑|村|城|园|坊)(?:[东南西北中]|[一二三四五六七八九十]+[路街巷])?(?:{_NUM}(?:-\d+)?(?:号|巷|弄|横){{1,2}})?"
    rf"(?:[\u4e00-\u9fff]{{0,8}}?)(?:{_NUM}(?:号楼|栋|幢|座|单元|号)){{1,3}}(?:{_NUM}(?:单元|梯|层|楼))?[0-9A-Za-z-]{{0,6}}[室房户]"
)
_HAMLET = re.compile(
    rf"村(?:委会)?[\u4e00-\u9fff]{{0,6}}?(?:第?{_NUM}(?:村民小组|小组|组|队|社|巷|街|区|路)){{0,2}}({_NUM}号(?![线文召机楼令])|(?<=[组队社]))"
)
_HOME = re.compile(r"(?:住址|家住|现住|居住[在于地]?|住在|户籍地?|家庭地址|常住地)[^。；;\n]{0,30}$")
_OFFICE = re.compile(
    r"(?:地址|地点|位于|设在|坐落|座落|窗口|场所|住所|所在地|邮寄|大厅|会议|选址|前往|现场|中心|银行|办公|派出所|公司|门店|经营|会场|考点|接种点)[^。；;\n]{0,40}$"
)
_OFFICE_AFTER = re.compile(r"[^。；;，,\n]{0,6}(?:会议|窗口|大厅|办公|中心|科室|收$|报名|门店)")


class _Group(NamedTuple):
    start: int
    end: int
    digits: str
    joined: bool
    """Whether a hyphen ties it to the group before."""


def find(text: str, *, listing: bool = False) -> list[Hit]:
    """Personal data in a text, in order and without overlaps; in a `listing` an address blocks as well."""
    folded = text.translate(_FOLD)
    urls = [m.span() for m in _URL.finditer(folded)] if "://" in folded or "www." in folded else []
    hits: list[Hit] = []
    for run in _RUN.finditer(folded):
        if run.end() - run.start() >= 11:
            hits += _numbers(text, folded, run.start(), run.end(), urls)
    hits += _plates(text, folded)
    hits += _passports(text, folded)
    hits += _addresses(text, folded, listing)
    hits.sort(key=lambda h: (h.start, -h.end))
    kept: list[Hit] = []
    for hit in hits:
        if not kept or hit.start >= kept[-1].end:
            kept.append(hit)
    return kept


def mask(text: str, hits: Iterable[Hit]) -> str:
    """The text with every hit covered."""
    for hit in sorted(hits, key=lambda h: -h.start):
        text = text[: hit.start] + hit.masked + text[hit.end :]
    return text


def clean(text: str, masks: Iterable[str] | None = None, *, listing: bool = False) -> str:
    """The text with everything covered that is found in it, or only the sorts in `masks`."""
    wanted = None if masks is None else set(masks)
    for _ in range(5):
        hits = [h for h in find(text, listing=listing) if wanted is None or h.what in wanted]
        if not hits:
            break
        text = mask(text, hits)
    return text


def findings(text: str, *, where: str = "", field: str = "", listing: bool = False) -> list[Finding]:
    """What `find` finds, in words; without `where` the paragraph is named when the text has several."""
    lines = "\n" in text and not where
    return [
        finding(h, where or (f"第{text.count(chr(10), 0, h.start) + 1}段" if lines else ""), field)
        for h in find(text, listing=listing)
    ]


def finding(hit: Hit, where: str, field: str = "") -> Finding:
    """One hit in words."""
    name = WHAT[hit.what]
    if hit.level == "block":
        say = f"这里有{name}，公开前必须遮盖：可改为“{hit.masked}”。"
    elif hit.what == "phone":
        say = "这里是手机号码，按办公联系电话对待；如果是个人的号码，请遮盖或改用座机。"
    elif hit.what == "name":
        say = f"这一列是姓名；救助、补贴一类名单应当隐名，可改为“{hit.masked}”。"
    elif hit.what == "health":
        say = "这一列是病情、残疾一类健康信息，与姓名一起公开会泄露隐私，请删去或遮盖。"
    else:
        say = f"这里像是{name}；如果属于个人，请遮盖，可改为“{hit.masked}”。"
    return Finding(f"personal.{hit.what}", hit.level, say, where, field, hit.found, hit.masked)


def mask_value(what: str, value: str) -> str:
    """Cover a value that is known to be of this sort, whether or not its check digit holds."""
    bare = value.translate(_FOLD).strip()
    if what == "name":
        return mask_name(value)
    if what == "address":
        return mask_address(value)
    if what in ("health", "passport", "licence_plate"):
        return bare[:2] + "*" * max(3, len(bare) - 2) if what != "health" else HIDDEN
    digits = re.sub(r"[^0-9A-Za-z]", "", bare)
    head, tail = {"resident_id": (6, 4), "phone": (3, 4), "bank_card": (4, 4)}[what]
    if what == "resident_id" and len(digits) > 18:
        tail = 0  # a disability certificate: its last digits tell the sort and the degree
    if len(digits) < head + tail + 4:
        head, tail = min(2, len(digits) // 4), min(2, len(digits) // 4)
    return digits[:head] + "*" * max(3, len(digits) - head - tail) + (digits[-tail:] if tail else "")


# -- numbers -----------------------------------------------------------------------------------------------------------


def _numbers(text: str, folded: str, start: int, end: int, urls: list[tuple[int, int]]) -> Iterator[Hit]:
    groups: list[_Group] = []
    for piece in _GROUP.finditer(folded, start, end):
        raw = piece.group()
        left = len(raw) - len(raw.lstrip("*"))
        bare = raw.strip("*")
        at = piece.start() + left
        last = groups[-1].end if groups else at
        if bare[:1] in ("X", "x") and groups:
            # The letter belongs to the group before it, blanks between or not.
            before = groups.pop()
            groups.append(_Group(before.start, piece.end(), before.digits + bare.upper(), before.joined))
            continue
        groups.append(_Group(at, at + len(bare), bare, "-" in folded[last:at] and bool(groups)))
    boxes = 11 <= len(groups) <= 20 and all(len(g.digits) == 1 for g in groups[:-1])
    # Eleven figures in a row are a telephone only when a label says so.
    if boxes and (len(groups) >= 15 or re.search("电话|手机", folded[max(0, start - 12) : start])):
        groups = [_Group(groups[0].start, groups[-1].end, "".join(g.digits for g in groups), False)]
    in_url = any(a <= start < b for a, b in urls)
    at = 0
    while at < len(groups):
        best = None
        digits = ""
        for to in range(at, min(at + 7, len(groups))):
            digits += groups[to].digits
            if len(digits) > 20:
                break
            if "*" in digits:
                break
            if len(digits) < 11 or (to > at and not _worth_a_look(digits)):
                continue
            hit = _number(text, folded, groups, at, to, digits, in_url)
            if hit is not None:
                best = (to, hit)
        if best is None:
            at += 1
        else:
            yield best[1]
            at = best[0] + 1


def _worth_a_look(digits: str) -> bool:
    """Whether pieces of a run may together be a number of the sorts looked for: most rows of figures end here."""
    size, first = len(digits), digits[0]
    if size in (18, 20) and digits[6:8] in ("18", "19", "20"):
        return True
    return (size <= 15 and first in "180") or size == 15 or (size > 15 and first in "34569")


def _number(text: str, folded: str, groups: list[_Group], at: int, to: int, digits: str, in_url: bool) -> Hit | None:
    start, end = groups[at].start, groups[to].end
    before, after = folded[max(0, start - 1) : start], folded[end : end + 2]
    if before.isascii() and (before.isalnum() or before == "_"):
        return None
    if before == "." and folded[max(0, start - 2) : start - 1].isdigit():
        return None
    if after[:1] == "_" or (after[:1].isascii() and after[:1].isalnum()) or (after[:1] == "." and after[1:2].isdigit()):
        return None
    tied = groups[at].joined or (to + 1 < len(groups) and groups[to + 1].joined)
    context = folded[max(0, start - 70) : start]
    near = context[-28:]
    labelled = len(digits) in (15, 18, 20) and bool(_ID_LABEL.search(near))

    def made(what: str, level: str = "block", covered: str = "") -> Hit:
        return Hit(what, start, end, text[start:end], covered or mask_value(what, digits), level)

    if len(digits) in (18, 20) and (not tied or at == to):
        level = _resident_id(digits, labelled, context)
        if level:
            return made("resident_id", level)
    if not digits.isdigit():
        return None
    if len(digits) == 15 and not tied:
        level = _old_id(digits, labelled, context) if labelled or at == to else ""
        if level:
            return made("resident_id", level)
    if in_url:
        return None
    phone = re.sub(r"^(?:0086|086|86)(?=1)", "", digits) if len(digits) > 11 else digits
    if len(phone) == 11 and _MOBILE.fullmatch(phone) and _phone_shape(groups, at, to, tied, context):
        if _UNIT.match(folded, end) or (before and before in "¥￥$"):
            return None
        office = _OFFICE_PHONE.search(context) and not _OWN_PHONE.search(context)
        serial = _SERIAL_LABEL.search(context[-28:])
        if folded[start - 1 : start] == "+" and start:
            start -= 1
        return made("phone", "warn" if office or serial else "block", mask_value("phone", phone))
    if 12 <= len(digits) <= 20 and not tied and not _UNIT.match(folded, end):
        level = _card(digits, [len(g.digits) for g in groups[at : to + 1]], context, at == 0 and to == len(groups) - 1)
        if level:
            return made("bank_card", level)
    return None


@lru_cache(maxsize=4096)
def _region(code: str) -> bool:
    """Whether people are registered there: a county of any year, for it may be older or newer than the person."""
    if code[:2] in ("81", "82", "83"):
        return code[2:] == "0000"
    places = numdb.get("cn/loc")
    return any(places.info(c)[-1][1].get("county") for c in (code, code[:4] + "00", code[:4] + "01"))


def _date(year: int, month: int, day: int) -> bool:
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return 1 <= month <= 12 and 1 <= day <= (31, 29 if leap else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[month - 1]


def _resident_id(digits: str, labelled: bool, context: str) -> str:
    body = digits[:18]
    if not body[:17].isdigit() or not (1900 <= int(body[6:10]) <= 2035):
        return ""
    if not _date(int(body[6:10]), int(body[10:12]), int(body[12:14])) or not _region(body[:6]):
        # Whatever is written under that name is treated as one, be it mistyped.
        return "block" if labelled and len(digits) == 18 and body[0] in "12345689" else ""
    if len(digits) == 20 and not re.fullmatch(r"[1-7][1-4]", digits[18:]) and not labelled:
        return ""
    if body[17] != ric.calc_check_digit(body):
        return "block" if labelled else ""
    if "信用代码" in context[-14:] and uscc.is_valid(body):
        return ""
    return "warn" if _SERIAL_LABEL.search(context[-28:]) and not labelled else "block"


def _old_id(digits: str, labelled: bool, context: str) -> str:
    if not _region(digits[:6]) or not _date(1900 + int(digits[6:8]), int(digits[8:10]), int(digits[10:12])):
        return ""
    if labelled:
        return "block"
    if _SERIAL_LABEL.search(context[-28:]) or int(digits[6:8]) <= 26:
        return "warn"
    return "block"


def _phone_shape(groups: list[_Group], at: int, to: int, tied: bool, context: str) -> bool:
    if tied:
        beside = [groups[i].digits for i in (at - 1, to + 1) if 0 <= i < len(groups)]
        return at == to and all(len(b) <= 2 or _MOBILE.fullmatch(b) for b in beside)
    sizes = [len(g.digits) for g in groups[at : to + 1]]
    if groups[at].digits in ("86", "0086", "086"):
        sizes = sizes[1:]
    elif sizes[0] > 11 or groups[at].digits.startswith("86"):
        return len(sizes) == 1 or sizes in ([5, 4, 4], [5, 8])
    if len(sizes) == 1:
        return sizes == [11]
    if sizes not in ([3, 4, 4], [3, 8], [7, 4], [4, 4, 3], [3, 3, 5], [5, 6], [6, 5], [4, 3, 4]):
        return False
    alone = at == 0 and to == len(groups) - 1
    return alone or any(g.joined for g in groups[at + 1 : to + 1]) or bool(re.search("电话|手机|联系", context[-20:]))


def _luhn(digits: str) -> bool:
    try:
        return bool(luhn.validate(digits))
    except ValidationError:
        return False


def _card(digits: str, sizes: list[int], context: str, alone: bool) -> str:
    beside = context[-28:]
    if _CARD_LABEL.search(beside) and len(digits) >= 12 and (len(sizes) == 1 or min(sizes[:-1]) >= 3):
        return "block"
    if digits[0] not in "34569":
        return ""
    near = bool(_ACCOUNT_NEAR.search(context[-42:]))
    if len(sizes) > 1 and not (near or (alone and sizes[:3] == [4, 4, 4]) or (alone and sizes[0] == 6)):
        return ""
    size, head = len(digits), digits[:2]
    union = head == "62" and 16 <= size <= 19
    old = (head == "60" or digits[:3] == "955") and size in (16, 18, 19)
    foreign = size == 16 and ("40" <= head <= "49" or "51" <= head <= "55" or digits[:4] in ("3528", "3568"))
    if not (union or old or foreign) or not _luhn(digits):
        return ""
    if near or (union and not _SERIAL_LABEL.search(context[-28:])):
        return "block"
    if _SERIAL_LABEL.search(context[-28:]):
        return "warn" if union else ""
    if foreign and (len(sizes) > 1 and digits[0] == "4" and not alone):
        return ""
    coded = _region(digits[:6]) and re.fullmatch(r"(?:19|20)\d\d", digits[6:10])
    return "" if coded else "block"


# -- plates, passports, addresses --------------------------------------------------------------------------------------


def _plates(text: str, folded: str) -> Iterator[Hit]:
    for found in _PLATE.finditer(folded):
        near = folded[max(0, found.start() - 24) : found.end() + 8]
        if folded[found.end() : found.end() + 1] == "号" and not _CAR.search(near):
            continue
        sure = _CAR.search(near) and not _PUBLIC_CAR.search(near)
        raw = text[found.start() : found.end()]
        yield Hit(
            "licence_plate", found.start(), found.end(), raw, raw[:2] + "***" + raw[-2:], "block" if sure else "warn"
        )


def _passports(text: str, folded: str) -> Iterator[Hit]:
    if "护照" not in folded and "证" not in folded:
        return
    for found in _PASSPORT.finditer(folded):
        raw = text[found.start(1) : found.end(1)]
        yield Hit("passport", found.start(1), found.end(1), raw, mask_value("passport", raw))


def _addresses(text: str, folded: str, listing: bool) -> Iterator[Hit]:
    for pattern in (_STREET, _HAMLET):
        for found in pattern.finditer(folded):
            context = folded[max(0, found.start() - 60) : found.start()]
            context = re.split(r"[。；;\n]", context)[-1]
            home = bool(_HOME.search(context))
            if not home and not listing and (_OFFICE.search(context) or _OFFICE_AFTER.match(folded, found.end())):
                continue
            if pattern is _HAMLET and not found.group(1) and not home:
                continue
            start = found.start()
            name = re.search(r"[\u4e00-\u9fff]*$", context)
            left = name.group()[-12:] if name else ""
            if pattern is _HAMLET:
                start = found.start() + len(re.match(r"村(?:委会)?", found.group()).group())  # type: ignore[union-attr]
            else:
                kept = kept_address(left + found.group())
                said = [left.rfind(w) + len(w) for w in ("住址", "住", "于", "为", "在") if w in left]
                start += min(max([kept, *said]), len(left) + len(found.group()) - 1) - len(left)
            if start < found.end():
                level = "block" if listing else "warn"
                yield Hit("address", start, found.end(), text[start : found.end()], HIDDEN, level)
