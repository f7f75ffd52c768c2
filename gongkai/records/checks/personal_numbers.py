"""Numbers of persons: identity cards, telephones, bank cards.

Numbers are taken in whole runs of digits with their blanks and hyphens, so that no part of a longer number is ever
mistaken for a number of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from stdnum import luhn, numdb
from stdnum.cn import ric, uscc
from stdnum.exceptions import ValidationError

from gongkai.records.checks.personal_hits import Hit, mask_value

RUN = re.compile(r"[0-9*]+(?:[ -]{1,2}[0-9*]+)*(?:[ -]{0,2}[Xx](?:[0-9]{2})?(?![A-Za-z0-9]))?")
_GROUP = re.compile(r"[0-9*]+|[Xx](?:[0-9]{2})?")
URL = re.compile(r"(?:https?://|www\.)[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+")
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


class _Group(NamedTuple):
    start: int
    end: int
    digits: str
    joined: bool
    """Whether a hyphen ties it to the group before."""


def numbers_in(text: str, folded: str, start: int, end: int, urls: list[tuple[int, int]]) -> Iterator[Hit]:
    """The numbers of persons in one run of figures of a text; `folded` is the text with its wide figures made plain."""
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
