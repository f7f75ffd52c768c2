"""A request while it is being written: sealed, in the visitor's session, and what each screen asks (第二十九条).

In the session and not in hidden fields, because then each screen has an address of its own: going back, reloading and
changing one line work as people expect, and nothing that was typed travels to and fro. The table of sessions holds
sealed text only. What lay untouched for two hours is gone; 清除 and sending it empty it at once.
"""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib.sessions.backends.base import SessionBase

from gongkai.base.issues import Issue, Refused
from gongkai.base.sealing import seal, unseal
from gongkai.cases.life import APPLICANTS
from gongkai.cases.request import FORMS, ID_KINDS, WAYS, applicant_from, examine

IDLE = 2 * 3600
"""Seconds after which a draft is gone: long enough for a telephone call, short for a computer in a hall."""


@dataclass
class Draft:
    """What was said so far. `id` is nobody's but this draft's: by it a request that is sent twice is known again."""

    id: str = field(default_factory=lambda: secrets.token_urlsafe(12))
    values: dict[str, str] = field(default_factory=dict)
    read: bool = False
    """Whether it was read back once: from then on a changed line leads back there."""

    @property
    def amends(self) -> bool:
        """Whether a record about oneself is to be corrected (第四十一条)."""
        return self.values.get("purpose") == "amend"

    @property
    def body(self) -> int | None:
        """The organ that was chosen."""
        told = self.values.get("body", "")
        return int(told) if told.isascii() and told.isdigit() and len(told) < 12 else None


def put(session: SessionBase, key: str, said: Mapping[str, Any]) -> None:
    """Keep something in the session, sealed, with the time."""
    session[key] = seal(json.dumps({"what": key, "at": time.time(), **said}, ensure_ascii=False))


def got(session: SessionBase, key: str, idle: int = IDLE) -> dict[str, Any] | None:
    """What was kept; None where there is nothing, or nothing any more."""
    held = session.get(key)
    if not held:
        return None
    try:
        said: dict[str, Any] = json.loads(unseal(str(held)))
    except (Refused, ValueError):
        return None
    return said if said.get("what") == key and time.time() - float(said.get("at", 0)) < idle else None


def keep(session: SessionBase, draft: Draft) -> None:
    """Write the draft into the session."""
    put(session, "ask", {"id": draft.id, "values": draft.values, "read": draft.read})


def held(session: SessionBase) -> Draft | None:
    """The draft of this visitor."""
    said = got(session, "ask")
    return Draft(said["id"], said["values"], said["read"]) if said else None


# What the screens ask

SCREENS = ("body", "what", "how", "who", "contact")
"""The screens that follow 想了解什么, in order; then everything is read back."""

PLACES = {
    "body": "向哪个机关申请", "what": "要什么信息", "how": "怎样提供", "who": "谁来申请", "contact": "身份和联系方式",
}  # fmt: skip

KINDS = {"natural": "自然人（个人）", **{k: v for k, v in APPLICANTS.items() if k != "natural"}}
KIND_HINTS = {
    "natural": "以自己的名义申请",
    "business": "公司、个体工商户、合作社等",
    "research": "高校、研究院所等",
    "charity": "基金会、社会团体、慈善组织等",
    "legal_service": "律师事务所、基层法律服务所等",
    "other": "以上都不是的法人或者其他组织",
}
FORM_HINTS = {
    "纸质": "复印件、打印件",
    "电子邮件": "电子文件",
    "光盘": "电子文件刻盘",
    "查阅、抄录": "到机关去看",
    "网上查看": "在本网站下载",
}
WAY_HINTS = {
    "邮寄": "要填收件地址",
    "电子邮件": "要填邮箱",
    "自行领取": "到受理机构领取",
    "网上获取": "凭查询码在本网站下载，不用留地址",
    "传真": "请在联系方式里写明传真号码",
    "当面查阅": "到受理机构查阅",
}
HELPS = ("阅读有困难", "视力障碍", "听力、言语障碍")


@dataclass(frozen=True, slots=True)
class Question:
    """One field of a screen. `kind`: text, long, pick (one of few), select, ticks."""

    name: str
    label: str
    kind: str = "text"
    hint: str = ""
    auto: str = ""
    options: tuple[tuple[str, str, str], ...] = ()
    needed: bool = False
    most: int = 200
    mode: str = ""


def questions(screen: str, draft: Draft) -> tuple[Question, ...]:
    """What a screen asks, as far as it depends on what was said before."""
    return _QUESTIONS[screen](draft) if screen in _QUESTIONS else ()


def _what(draft: Draft) -> tuple[Question, ...]:
    if draft.amends:
        return (
            Question("title", "哪一份记录", hint="如：城乡居民社保缴费记录、不动产登记信息", needed=True),
            Question("document_number", "文号、编号（不知道就不填）", most=80),
            Question(
                "asked", "错在哪里，应当是什么，有什么证据", "long", needed=True, most=3000,
                hint="更正与自己有关的信息要有证据证明记录不准确（第四十一条）；办理时机关会请您出示。",
            ),
        )  # fmt: skip
    return (
        Question("title", "信息的名称（知道就填）", hint="如：2025年临时救助标准"),
        Question("document_number", "文号（知道就填）", hint="如：民规〔2026〕3号", most=80),
        Question(
            "asked", "具体描述", "long", most=3000,
            hint="什么时间、什么地方、哪件事、要哪一类材料。写得越具体，越好查。一件申请写一件事。",
        ),
    )  # fmt: skip


def _how(draft: Draft) -> tuple[Question, ...]:
    pick = tuple((f, f, FORM_HINTS[f]) for f in FORMS)
    ways = tuple((w, w, WAY_HINTS[w]) for w in WAYS)
    return (
        Question("form", "希望以什么形式提供", "pick", options=pick, needed=True),
        Question("way", "怎样送到您手里", "pick", options=ways, needed=True),
        Question(
            "help", "需要帮助吗（可以不选）", "ticks", options=tuple((h, h, "") for h in HELPS),
            hint="阅读有困难或者视力、听力有障碍的，机关应当提供必要的帮助（第四十三条）。",
        ),
    )  # fmt: skip


def _who(draft: Draft) -> tuple[Question, ...]:
    options = tuple((code, name, KIND_HINTS[code]) for code, name in KINDS.items())
    return (Question("applicant_kind", "申请人是", "pick", options=options, needed=True),)


def _contact(draft: Draft) -> tuple[Question, ...]:
    way = draft.values.get("way")
    if draft.values.get("applicant_kind") == "natural":
        first: tuple[Question, ...] = (
            Question("name", "姓名", auto="name", needed=True, most=60),
            Question("id_kind", "证件", "select", options=tuple((k, k, "") for k in ID_KINDS)),
            Question("id_number", "证件号码", needed=True, most=40, hint="身份证明是第二十九条要求的；号码加密保存。"),
        )
    else:
        first = (
            Question("name", "单位名称", auto="organization", needed=True, most=100),
            Question("id_number", "统一社会信用代码", needed=True, most=40, hint="18位，在营业执照或者登记证书上。"),
            Question("representative", "法定代表人或者负责人", most=60),
            Question("person", "联系人姓名", auto="name", needed=True, most=60),
        )
    phone = Question(
        "phone",
        "电话",
        auto="tel",
        most=40,
        mode="tel",
        hint="电话、邮箱、地址至少填一种，机关要用它与您确认收到申请。",
    )
    email = Question("email", "电子邮箱", auto="email", most=100, mode="email", needed=way == "电子邮件")
    place = Question("address", "地址", auto="street-address", most=200, needed=way == "邮寄")
    return (*first, phone, email, place, Question("postcode", "邮编", auto="postal-code", most=10, mode="numeric"))


_QUESTIONS = {"what": _what, "how": _how, "who": _who, "contact": _contact}


def taken(draft: Draft, screen: str, form: Mapping[str, Any]) -> None:
    """Take what was typed on a screen into the draft, as it was typed."""
    for one in questions(screen, draft):
        if one.kind == "ticks":
            chosen = [v for v in form.getlist(one.name) if any(v == o[0] for o in one.options)]  # type: ignore[attr-defined]
            draft.values[one.name] = "、".join(chosen)
        else:
            draft.values[one.name] = tidy(form.get(one.name))
    if screen == "contact" and draft.values.get("applicant_kind") == "natural":
        for name in ("person", "representative"):
            draft.values.pop(name, None)


def tidy(text: object) -> str:
    """What was typed, without what no text holds; spaces around it are nobody's wish."""
    return str(text or "").replace("\0", "").replace("\r\n", "\n").strip()[:20_000]


def wrong(draft: Draft, screen: str) -> list[Issue]:
    """What speaks against a screen as it is filled in; in the words of `cases.request`."""
    asked = questions(screen, draft)
    names = {q.name for q in asked}
    values = draft.values
    found = [
        Issue("request.long", f"“{q.label}”最多{q.most}字，现在有{len(values[q.name])}字；请精简。", q.name)
        for q in asked
        if len(values.get(q.name, "")) > q.most
    ]
    said = values | ({"title": ""} if draft.amends else {})  # which record is not yet what is wrong in it
    found += [i for i in examine(values.get("applicant_kind", ""), applicant_from(values), said) if i.field in names]
    if screen == "what" and draft.amends:
        if not values.get("title"):
            found.insert(0, Issue("request.title", "请写明要更正哪一份记录（第四十一条）。", "title"))
        found = [
            Issue(i.rule, "请写明错在哪里、应当是什么、有什么证据（第四十一条）。", i.field)
            if i.rule == "request.asked"
            else i
            for i in found
        ]
    return found


def first_open(draft: Draft) -> str:
    """The first screen that still wants something; empty where all is said."""
    for screen in SCREENS:
        if draft.body is None if screen == "body" else wrong(draft, screen):
            return screen
    return ""


def values_of(draft: Draft) -> dict[str, str]:
    """What is sent: what the request says, and nothing of how it was written."""
    return {k: v for k, v in draft.values.items() if k not in ("words", "body", "body_words")}
