"""What cannot be covered for sure: one Chinese line, nothing else."""

from __future__ import annotations

import io
import random
import re
import zlib
from collections.abc import Callable

import pikepdf
import pytest

from gongkai.papers import PaperRefused
from gongkai.papers.redaction import Area, Cover, find, list_of_covered, redact
from gongkai.papers.redaction.model import Covered
from tests.papers import made
from tests.papers.redaction.papers import NAME, book, file, lines, word
from tests.papers.test_bad_input import bomb_docx, encrypted_office

COVER = [Cover(NAME, "个人隐私")]


def inflating_pdf() -> bytes:
    """A page whose drawing commands unpack to far more than they weigh."""
    engine = zlib.compressobj(9)
    packed = b"".join(engine.compress(b" " * (1 << 20)) for _ in range(200)) + engine.flush()
    with pikepdf.open(io.BytesIO(lines())) as pdf:
        content = pikepdf.Stream(pdf, b"")
        content.write(packed, filter=pikepdf.Name.FlateDecode)
        pdf.pages[0].Contents = content
        held = io.BytesIO()
        pdf.save(held, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)
    return held.getvalue()


def vast_pdf() -> bytes:
    """A page as large as a street."""
    with pikepdf.open(io.BytesIO(lines())) as pdf:
        pdf.pages[0].obj.MediaBox = [0, 0, 2_000_000, 2_000_000]
        held = io.BytesIO()
        pdf.save(held)
    return held.getvalue()


def entities() -> bytes:
    parts = made.docx_parts(made.para(NAME))
    parts["word/document.xml"] = '<!DOCTYPE x [<!ENTITY a "b">]>' + str(parts["word/document.xml"]).split("?>", 1)[1]
    return made.package(parts)


@pytest.mark.parametrize(
    ("name", "say", "make"),
    [
        ("a.doc", "另存为 docx", lambda: made.compound({"WordDocument": b"x" * 5000})),
        ("a.xls", "另存为 docx", lambda: made.compound({"Workbook": b"x" * 5000})),
        ("a.wps", "另存为 docx", lambda: made.compound({"WpsCustomData": b"x" * 5000})),
        ("a.ofd", "另存为 docx", made.plan_ofd),
        ("a.txt", "另存为 docx", lambda: NAME.encode()),
        ("a.docx", "空的", lambda: b""),
        ("a.docx", "加密", encrypted_office),
        ("a.docx", "炸弹|庞大", bomb_docx),
        ("a.docx", "实体", entities),
        ("a.docx", "损坏", lambda: word()[:2000]),
        ("a.xlsx", "损坏", lambda: book()[:3000]),
        ("a.pdf", "损坏|没有找到", lambda: lines()[:400]),
        ("a.pdf", "损坏", lambda: b"%PDF-1.7\nnothing"),
        ("a.pdf", "炸弹", inflating_pdf),
        ("a.pdf", "尺寸", vast_pdf),
    ],
)
def test_refused_with_one_line(name: str, say: str, make: Callable[[], bytes]) -> None:
    with pytest.raises(PaperRefused) as caught:
        redact(make(), name, COVER)
    line = str(caught.value)
    assert re.search(say, line) and "\n" not in line and line.endswith(("。", "）。"))


def test_covers_that_say_nothing() -> None:
    for covers in ([], [Cover("  \u3000", "隐私")], [Cover(NAME, " ")]):
        with pytest.raises(PaperRefused):
            redact(word(), "a.docx", covers)
    with pytest.raises(PaperRefused, match="区域"):
        redact(word(), "a.docx", [Area(1, (0, 0, 9, 9), "隐私")])


@pytest.mark.parametrize("make", [word, book, file])
def test_mutated_bytes(make: Callable[[], bytes]) -> None:
    good = make()
    chance = random.Random(7)
    for _ in range(25):
        data = bytearray(good)
        for _ in range(chance.randint(1, 12)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        try:
            redact(bytes(data), "a", COVER)
            find(bytes(data), "a", NAME)
        except PaperRefused:
            continue  # the only way out but a copy


def test_lines_of_the_list() -> None:
    held = [Covered("第2页第5行", "个人隐私", "条例第十五条", 18), Covered("第1幅图片", "照片", "", 0)]
    assert list_of_covered(held) == [
        "第2页第5行：遮盖18个字；理由：个人隐私；依据：条例第十五条",
        "第1幅图片：整体遮盖或去掉；理由：照片",
    ]
