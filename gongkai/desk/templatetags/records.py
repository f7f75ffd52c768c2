"""Small words for the pages of records."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from gongkai.base.clock import moment
from gongkai.records.kinds import gates, kinds
from gongkai.records.models import State

register = template.Library()

VERBS = {
    "begin": "开始起草",
    "write": "保存草稿",
    "attach": "上传附件",
    "describe": "填写附件说明",
    "detach": "去掉附件",
    "cover": "遮盖个人信息",
    "drop": "删除草稿",
    "revise": "开始修改",
    "reveal": "查看遮盖前的原件",
    "submit": "提交审核",
    "pass": "同意",
    "return": "退回修改",
    "unsure": "不能确定，送请确定",
    "recall": "收回",
    "send-link": "发出签字链接",
    "publish": "发布",
    "schedule": "定时发布",
    "unschedule": "取消定时",
    "withdraw": "撤回",
    "validity": "确定有效性",
    "import": "历史文件导入",
}


@register.filter
def record_verb(name: str) -> str:
    """The Chinese word for what was done with a record."""
    return VERBS.get(name, name)


@register.filter
def round_verb(name: str) -> str:
    """The Chinese word for what was done in a round of clean-up."""
    return {"open": "开始清理", "propose": "填写意见", "apply": "让意见生效"}.get(name, name)


@register.filter
def gate_name(code: str) -> str:
    """The name of a gate."""
    return gates()[code].name if code in gates() else code


@register.filter
def kind_name(code: str) -> str:
    """The name of a kind; its code where the file has gone."""
    found = kinds().get(code)
    return found.name if found else code


@register.filter
def state_name(code: str) -> str:
    """How far a version has come, in words."""
    return State(code).label if code in State.values else code


@register.filter
def lasted(since: dt.datetime | None) -> str:
    """How long something has been held: 3天, 5小时, 刚到."""
    if since is None:
        return ""
    held = moment() - since
    if held.days > 0:
        return f"{held.days}天"
    hours = held.seconds // 3600 if held.days == 0 else 0
    return f"{hours}小时" if hours else "不到1小时"


@register.filter
def until(moment_: dt.datetime | None) -> str:
    """How long something still holds."""
    if moment_ is None:
        return ""
    left = moment_ - moment()
    return f"{left.days}天{left.seconds // 3600}小时"


@register.filter
def get(held: dict[Any, Any], key: Any) -> Any:
    """A value by its key; nothing where there is none."""
    return held.get(key, "")


@register.filter
def pairs(columns: Sequence[Any], row: Sequence[str]) -> list[tuple[Any, str]]:
    """Columns of a table with the cells of one row."""
    return list(zip(columns, row, strict=True))


@register.filter
def kb(size: int) -> str:
    """The size of a file."""
    return f"{size / 1048576:.1f}MB" if size >= 1048576 else f"{max(size // 1024, 1)}KB"


@register.filter
def plain_html(markup: str) -> SafeString:
    """Text that `records.content.clean` has made safe when it was taken in."""
    return mark_safe(str(markup))


@register.filter
def lines_of_text(text: str) -> SafeString:
    """Plain text with its line ends."""
    return mark_safe("<br>".join(conditional_escape(x) for x in str(text).split("\n")))
