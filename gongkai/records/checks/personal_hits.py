"""The sorts of personal data, one place where some was found, and what covers a value of each sort."""

from __future__ import annotations

import re
from dataclasses import dataclass

from gongkai.records.checks.names import HIDDEN, mask_address, mask_name

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


FOLD = {ord("０") + n: ord("0") + n for n in range(10)}
FOLD |= {ord("Ａ") + n: ord("A") + n for n in range(26)} | {ord("ａ") + n: ord("a") + n for n in range(26)}
FOLD |= dict.fromkeys(map(ord, "－–—‐‑‒―−﹣"), ord("-"))
FOLD |= dict.fromkeys(map(ord, "\u3000\xa0\u2002\u2003\u2009\u200b\u200c\u200d\u2060\ufeff\xad"), ord(" "))
FOLD |= {ord("＊"): ord("*"), ord("＋"): ord("+"), ord("："): ord(":")}


def mask_value(what: str, value: str) -> str:
    """Cover a value that is known to be of this sort, whether or not its check digit holds."""
    bare = value.translate(FOLD).strip()
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
