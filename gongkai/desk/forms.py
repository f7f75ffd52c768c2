"""What people type at the desk, read with Chinese messages that name the field and the form wanted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from gongkai.base.issues import refuse


def day_of(text: str, label: str, *, field: str = "", empty: dt.date | None = None) -> dt.date | None:
    """A date as browsers send it; `empty` where nothing was typed. Refused in words when it is none."""
    text = text.strip()
    if not text:
        return empty
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise refuse("form.date", f"{label}“{text[:20]}”不是日期，请写成2026-11-22的样子。", field) from None


def number_of(values: Mapping[str, str], name: str) -> int | None:
    """A whole number from an address or a form, None where there is none."""
    text = str(values.get(name, ""))
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None
