"""What a line says, in the short form in which expectations are typed."""

from __future__ import annotations

from typing import Any

from gongkai.scheme.reading import Line, Mark

_SIGN = {Mark.MUST: "■", Mark.MAY: "□", Mark.PLAIN: ""}


def said(line: Line, field: str) -> Any:
    """A field of a line as the expectations write it."""
    if field == "limit":
        return (line.limit.kind.value, line.limit.amount, line.limit.unit, line.limit.trigger)
    if field == "period":
        return line.limit.period
    if field == "posting":
        return (line.limit.posting_days, line.limit.posting_unit)
    if field == "channels":
        return [f"{_SIGN[c.mark]}{c.name}" for c in line.channels]
    if field == "audience":
        return (line.audience_all, line.audience_group)
    if field == "method":
        return (line.proactive, line.on_request)
    if field == "levels":
        return (line.levels.county, line.levels.township, line.levels.village)
    return getattr(line, field)


def wrong(lines: list[Line], expected: list[dict[str, Any]]) -> tuple[int, list[str]]:
    """Number of fields expected, and those read wrongly."""
    total = sum(len(e) for e in expected)
    out = [f"{len(lines)} lines for {len(expected)}"] if len(lines) != len(expected) else []
    for n, want in enumerate(expected):
        for field, value in want.items():
            got = said(lines[n], field) if n < len(lines) else None
            if got != value:
                out.append(f"{n + 1}.{field}: {got!r} for {value!r}")
    return total, out
