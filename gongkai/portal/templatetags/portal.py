"""Words of the portal's templates."""

from __future__ import annotations

import datetime as dt
import json
import re
from typing import Any
from urllib.parse import quote

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from gongkai.base.clock import ZONE

register = template.Library()
_PHONE = re.compile(r"(?<![\d-])(?:0\d{2,3}-\d{7,8}(?:-\d{1,4})?|12345|1\d{10})(?![\d-])")


@register.filter
def iso(value: dt.date | dt.datetime | None) -> str:
    """2026-03-05, the day in China."""
    if isinstance(value, dt.datetime):
        value = value.astimezone(ZONE).date()
    return value.isoformat() if value else ""


@register.filter
def minute(value: dt.datetime | None) -> str:
    """2026-03-05 09:30, in China."""
    return f"{value.astimezone(ZONE):%Y-%m-%d %H:%M}" if value else ""


@register.filter
def size(value: int) -> str:
    """How big a file is."""
    if value < 1024 * 1024:
        return f"{max(1, round(value / 1024))} KB"
    return f"{value / 1024 / 1024:.1f} MB"


@register.filter
def phones(value: str) -> SafeString:
    """Text in which telephone numbers can be pressed."""
    return mark_safe(_PHONE.sub(lambda m: f'<a href="tel:{m[0]}">{m[0]}</a>', str(escape(value))))


@register.filter
def address(value: str) -> str:
    """The name of a file as part of an address."""
    return quote(value)


@register.filter
def ld_json(value: Any) -> SafeString:
    """A block of data that cannot end its own element."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for char in "<>&":
        text = text.replace(char, f"\\u{ord(char):04X}")
    return mark_safe(text)


@register.simple_tag
def link(query: dict[str, list[str]], **changes: object) -> str:
    """The address of the same list with something changed: filters stay. An empty value takes one away."""
    held = {key: list(values) for key, values in query.items()}
    for key, value in changes.items():
        held.pop(key, None)
        if value not in ("", None):
            held[key] = [str(value)]
    return "?" + "&".join(f"{quote(key)}={quote(value)}" for key, values in held.items() for value in values if value)
