"""Number plates, passports and addresses: known by the words and letters around them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gongkai.records.checks.names import HIDDEN, kept_address
from gongkai.records.checks.personal_hits import Hit, mask_value

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


def plates_in(text: str, folded: str) -> Iterator[Hit]:
    """Number plates; those that need not be of a private car only warn."""
    for found in _PLATE.finditer(folded):
        near = folded[max(0, found.start() - 24) : found.end() + 8]
        if folded[found.end() : found.end() + 1] == "号" and not _CAR.search(near):
            continue
        sure = _CAR.search(near) and not _PUBLIC_CAR.search(near)
        raw = text[found.start() : found.end()]
        yield Hit(
            "licence_plate", found.start(), found.end(), raw, raw[:2] + "***" + raw[-2:], "block" if sure else "warn"
        )


def passports_in(text: str, folded: str) -> Iterator[Hit]:
    """Numbers of passports."""
    if "护照" not in folded and "证" not in folded:
        return
    for found in _PASSPORT.finditer(folded):
        raw = text[found.start(1) : found.end(1)]
        yield Hit("passport", found.start(1), found.end(1), raw, mask_value("passport", raw))


def addresses_in(text: str, folded: str, listing: bool) -> Iterator[Hit]:
    """Addresses of homes; in a listing they block."""
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
