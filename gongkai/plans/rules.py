"""What a plan must be before it is committed. No writes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from gongkai.base.issues import Issue
from gongkai.orgs.rules import Thing
from gongkai.plans.intake import Row
from gongkai.plans.models import Plan


def of_plan(plan: Plan) -> Thing:
    """A plan as something rights are asked about."""
    return Thing(plan.body_id)


def read_head(head: dict[str, Any]) -> tuple[dict[str, Any], list[Issue]]:
    """Title, issuer, year and date of issue as typed, and what is wrong with them."""
    issues = []
    title = str(head.get("title") or "").strip()
    if not title:
        issues.append(Issue("plan.title", "请填写方案的标题。", "title"))
    try:
        year = int(str(head.get("year") or ""))
        if not 2000 <= year <= 2100:
            raise ValueError
    except ValueError:
        year = 0
        issues.append(Issue("plan.year", "请填写方案的年度（四位数字，如2026）：没有年份的时限按它推定。", "year"))
    issued_on = None
    if typed := str(head.get("issued_on") or "").strip():
        try:
            issued_on = dt.date.fromisoformat(typed)
            if not 2000 <= issued_on.year <= 2100:
                raise ValueError
        except ValueError:
            issues.append(Issue("plan.issued_on", f"印发日期“{typed}”不是日期，请写成2026-04-16的样子。", "issued_on"))
    return {
        "title": title[:300],
        "issuer": str(head.get("issuer") or "").strip()[:120],
        "year": year,
        "issued_on": issued_on,
        "doc_refs": list(head.get("doc_refs") or []),
    }, issues


def importable(head: dict[str, Any], rows: Sequence[Row]) -> list[Issue]:
    """What stands in the way of 确认导入; nothing when it may go."""
    _, issues = read_head(head)
    if not rows:
        issues.append(Issue("plan.empty", "没有一行任务，请先添加或重新上传。", "rows"))
    open_rows = [n for n, r in enumerate(rows, 1) if not r["accepted"]]
    if open_rows:
        shown = "、".join(str(n) for n in open_rows[:10]) + ("等" if len(open_rows) > 10 else "")
        issues.append(
            Issue(
                "plan.open_rows",
                f"还有{len(open_rows)}行待定（第{shown}行）：看过后按回车确认，或点“全部确认”。",
                "rows",
            )
        )
    empty = [str(n) for n, r in enumerate(rows, 1) if not r["text"].strip()]
    if empty:
        issues.append(Issue("plan.empty_text", f"第{'、'.join(empty)}行没有写具体要求，请填写或删除。", "rows"))
    return issues
