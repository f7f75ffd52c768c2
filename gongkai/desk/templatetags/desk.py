"""Small words for the pages of the desk."""

from __future__ import annotations

from typing import Any

from django import template

from gongkai.cases.life import RESULTS
from gongkai.orgs.rules import Held, Viewer

register = template.Library()
register.filter("result_name", lambda code: RESULTS.get(code, ""))

VERBS = {
    "import": "导入方案",
    "withdraw": "撤下方案",
    "restore": "恢复方案",
    "report": "写了进展",
    "note": "写了备注",
    "return": "退回进展",
    "settle": "办结",
    "reopen": "撤销办结",
    "change_tasks": "修改任务",
    "happen": "填写事情发生的日期",
    "bind": "指定单位",
    "accept-evidence": "采用佐证",
    "decline-evidence": "不采用佐证",
    "revoke-evidence": "撤销对佐证的决定",
    "found": "添加机构",
    "rename": "改名",
    "move": "调整隶属",
    "end": "撤销机构",
    "alias": "添加别称",
    "answer": "记住名称的意思",
    "add": "添加人员",
    "appoint": "任职",
    "relieve": "离任",
    "act_for": "安排代理",
    "password": "改密码",
    "close": "停用账号",
    "open": "恢复账号",
    "administrator": "设为系统管理员",
}


@register.filter
def verb(name: str) -> str:
    """The Chinese word for what was done."""
    return VERBS.get(name, name)


@register.filter
def cut_to(text: str, length: int) -> str:
    """The beginning of a text, with … where it was cut."""
    text = " ".join(str(text).split())
    return text if len(text) <= length else text[: length - 1] + "…"


@register.filter
def pixels(centimetres: float) -> int:
    """Centimetres of paper as pixels of a page of the web (96 to the inch)."""
    return round(centimetres * 96 / 2.54)


@register.filter
def minus(number: int) -> int:
    """The number with the other sign."""
    return -number


@register.filter
def sub(number: int, other: int) -> int:
    """The difference."""
    return number - other


@register.filter
def printed(people: list[dict[str, Any]], part: str) -> str:
    """The printed names of one part of a task's owners."""
    return "、".join(p["r"].printed for p in people if p["r"].part == part)


@register.simple_tag
def post_of(viewer: Viewer, held: Held) -> str:
    """A post as it is shown: 青禾县司法局 经办."""
    return viewer.post_title(held)
