"""What tests of search have in common: documents, and how to ask an engine for their numbers."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from gongkai.search.port import Document, Engine, Query


def paper(pk: int, title: str = "关于开展年度工作的通知", text: str = "", **more: Any) -> Document:
    """A document of the public, in force; keywords change it."""
    made = Document(
        id=pk,
        title=title,
        document_number="",
        kind="通知公告",
        owner="石桥县民政局",
        topic="民政、扶贫、救灾\\社会福利",
        year=2026,
        date=dt.date(2026, 1, 1) + dt.timedelta(days=pk % 300),
        validity="",
        standing=True,
        seen=("public", "o7"),
        places=(("正文", text),) if text else (),
    )
    return replace(made, **more)


def ids(engine: Engine, text: str, **more: Any) -> list[int]:
    """The documents found, in order."""
    return [h.id for h in engine.search(Query(text, **{"limit": 1000, **more})).hits]
