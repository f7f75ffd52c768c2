"""Tables whose rows go on over the end of a page: with a rule there or without, merged headings, numbers set in the middle."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from gongkai.plans.reading import read_plan

FONT, SIZE, PITCH = "STSong-Light", 10.5, 14
HEADS = ("重点任务", "序号", "工作举措", "牵头单位", "责任单位", "完成时限")
WIDTHS = (70, 30, 175, 78, 90, 62)
EDGES = [45 + sum(WIDTHS[:n]) for n in range(7)]
SECTIONS = ("一、加强主动公开", "二、改进政策解读", "三、夯实工作保障")
LONG = "围绕河湖管护、农村供水、灌区改造、水土保持和防汛抗旱，及时公开工程进度和资金安排，"
ROWS = [
    (
        SECTIONS[n // 3], str(n + 1), LONG * (1 + n % 4) + f"做好第{n + 1}项工作。",
        ("市水利局", "市人力资源和社会保障局", "市农业农村局、市财政局")[n % 3],
        ("市直各单位", "各县（区）人民政府、市高新区管委会", "市发展改革委、市住房城乡建设局、市文广旅局")[n % 3],
        ("6月底前", "每季度末月25日前", "2026年12月31日前")[n % 3],
    )
    for n in range(9)
]  # fmt: skip


def wrapped(text: str, width: float) -> list[str]:
    lines = [""]
    for letter in text:
        if stringWidth(lines[-1] + letter, FONT, SIZE) > width - 8:
            lines.append("")
        lines[-1] += letter
    return lines


class Pages:
    """Draws the rows by hand, a row over the end of a page in two parts."""

    def __init__(self, *, repeat: bool, closed: bool, middle: bool) -> None:
        self.repeat, self.closed, self.middle = repeat, closed, middle
        pdfmetrics.registerFont(UnicodeCIDFont(FONT))
        self.out = io.BytesIO()
        self.canvas = Canvas(self.out, pagesize=(595, 440))
        self.y, self.number = 390.0, 1
        self.canvas.setFont(FONT, 18)
        self.canvas.drawCentredString(297, 405, "平川市2026年政务公开工作要点责任分解表")

    def row(self, cells: list[list[str]], *, top: bool = True, bottom: bool = True, merged: tuple[bool, bool]) -> None:
        lines = max(1, *(len(c) for c in cells))
        height, y = lines * PITCH + 6, self.y
        self.canvas.setFont(FONT, SIZE)
        for n, cell in enumerate(cells):
            self.canvas.line(EDGES[n], y, EDGES[n], y - height)
            if top and not (n == 0 and merged[0]):
                self.canvas.line(EDGES[n], y, EDGES[n + 1], y)
            if bottom and not (n == 0 and merged[1]):
                self.canvas.line(EDGES[n], y - height, EDGES[n + 1], y - height)
            for at, text in enumerate(cell):
                self.canvas.drawString(EDGES[n] + 4, y - 12 - at * PITCH, text)
        self.canvas.line(EDGES[6], y, EDGES[6], y - height)
        self.y = y - height

    def turn(self) -> None:
        self.canvas.setFont(FONT, 10)
        self.canvas.drawCentredString(297, 25, f"— {self.number} —")
        self.canvas.showPage()
        self.y, self.number = 410.0, self.number + 1
        if self.repeat:
            self.row([[h] for h in HEADS], merged=(False, False))

    def made(self) -> bytes:
        self.row([[h] for h in HEADS], merged=(False, False))
        for n, told in enumerate(ROWS):
            cells = [wrapped(t, w) for t, w in zip(told, WIDTHS, strict=True)]
            if n % 3:
                cells[0] = []
            first, last = n % 3 != 0, n % 3 != 2
            going = True
            for drawn, part in self.parts(cells):
                self.row(drawn, bottom=part == "last" or self.closed, merged=(first and going, last))
                going = False
                if part != "last":
                    self.turn()
        self.canvas.save()
        return self.out.getvalue()

    def parts(self, cells: list[list[str]]) -> Iterator[tuple[list[list[str]], str]]:
        """A row as it fits: whole, or its first lines here and the others on the next page."""
        room, need = int((self.y - 66) // PITCH), max(len(c) for c in cells)
        if need <= room:
            yield cells, "last"
            return
        if room < 2:
            self.turn()
            yield from self.parts(cells)
            return
        head = [c[:room] for c in cells]
        rest = [c[room:] for c in cells]
        if self.middle:  # what is short stands in the middle of the row, here on the next page
            for n in (1, 3, 4, 5):
                head[n], rest[n] = [], cells[n]
        yield head, "first"
        yield rest, "last"


CASES: dict[str, dict[str, Any]] = {
    "header repeated": {"repeat": True, "closed": True, "middle": False},
    "header once": {"repeat": False, "closed": True, "middle": False},
    "no rule at the end of a page": {"repeat": False, "closed": False, "middle": False},
    "no rule, numbers in the middle": {"repeat": False, "closed": False, "middle": True},
}


@pytest.mark.parametrize("how", CASES.values(), ids=list(CASES))
def test_rows_over_the_end_of_a_page(how: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "plan.pdf"
    path.write_bytes(Pages(**how).made())
    plan = read_plan(path)
    assert [t.text for t in plan.tasks] == [r[2] for r in ROWS]
    assert [t.no for t in plan.tasks] == [r[1] for r in ROWS]
    assert [t.path for t in plan.tasks] == [[r[0]] for r in ROWS]
    assert [t.lead for t in plan.tasks] == [r[3].split("、") for r in ROWS]
    assert [t.deadline_raw for t in plan.tasks] == [r[5] for r in ROWS]
