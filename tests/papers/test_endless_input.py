"""Input on which a pattern or a loop could take time that grows with the square of its length, or faster.

Each is read or refused, through the command, within ten seconds and one gigabyte.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.papers import made
from tests.papers.sheltered import SECONDS, assert_refusal, read

Maker = Callable[[], bytes]


def html(body: str) -> bytes:
    """A web page with this body."""
    return f'<html><head><meta charset="utf-8"></head><body>{body}</body></html>'.encode()


ENDLESS: list[tuple[str, str, Maker]] = [
    # what it is, the file's name, the bytes
    ("a drawn rule with a tail", "方案.txt", lambda: ("+" + "-" * 60 + "x\n").encode()),
    ("open bookmarks", "方案.txt", lambda: b"[bookmark: " * 200_000),
    ("open comments", "方案.txt", lambda: b"<!--" * 500_000),
    ("open tags", "方案.txt", lambda: b"<b " * 900_000),
    ("line ends in html", "方案.html", lambda: html("<p>人" + "\n" * 100_000 + "a</p>")),
    ("blanks and line ends in html", "方案.html", lambda: html("<p>" + ("人" + " \n" * 3000 + "a") * 50 + "</p>")),
    ("years in brackets", "方案.txt", lambda: "〔2020〕".encode() * 300_000),
    ("open brackets", "方案.txt", lambda: "（".encode() * 900_000),
    ("open owners", "方案.txt", lambda: "（责任单位：".encode() * 150_000),
    ("open titles", "方案.txt", lambda: "《2020年".encode() * 200_000),
    ("digits", "方案.txt", lambda: ("1" * 50 + "\n").encode() * 50_000),
    ("blanks", "方案.txt", lambda: b" " * 2_000_000 + b"a"),
    ("short lines", "方案.txt", lambda: "一、\n".encode() * 300_000),
    ("tabbed lines", "方案.txt", lambda: b"\ta\n" * 300_000),
    ("piped lines", "方案.txt", lambda: b"a|b\n" * 300_000),
    ("long pipes", "方案.txt", lambda: b"|" * 2_000_000),
    ("rows between pipes", "方案.txt", lambda: ("任务|责任单位\n" + "公开政府信息。|办公室牵头，各科室配合\n" * 30_000).encode()),
    ("aligned rows", "方案.txt", lambda: ("序号  任务内容      责任单位\n" + "1     公开信息      办公室\n" * 40_000).encode()),
    ("running owners", "方案.txt", lambda: ("一、总体要求\n" + "（一）公开政府信息。（责任单位：办公室、财政局）\n" * 40_000).encode()),
    ("one endless paragraph", "方案.docx", lambda: made.docx(made.para("（责任单位：财政局）推进公开。" * 60_000))),
    ("one endless cell", "方案.xlsx", lambda: made.plan_xlsx([*made.ROWS, ("4", "1．公开；" * 6000, "财政局、" * 6000)])),
    ("mailbox words", "方案.mht", lambda: b"from:" + b" \n" * 300_000 + b"text/html"),
    ("front matter", "方案.html", lambda: b"---\n" * 200_000 + b"<p>a</p>"),
]  # fmt: skip


@pytest.mark.parametrize(("what", "name", "maker"), ENDLESS, ids=[r[0] for r in ENDLESS])
def test_endless(tmp_path: Path, what: str, name: str, maker: Maker) -> None:
    path = tmp_path / name
    path.write_bytes(maker())
    outcome = read(path, tmp_path)
    if outcome.status != 0:
        assert_refusal(outcome, ".")
    assert outcome.seconds < SECONDS
