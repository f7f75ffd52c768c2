"""PDF: every corner, black pixels, pages that stay text, fonts that tell."""

from __future__ import annotations

import io
from typing import Any

import pikepdf
import pypdfium2
import pytest

from gongkai.papers import PaperRefused
from gongkai.papers.redaction import Area, Cover, Picture, find, redact
from tests.papers import made
from tests.papers.redaction.bytewise import in_pdf
from tests.papers.redaction.papers import ID, NAME, file, jpeg, lines

COVERS = [Cover(NAME, "个人隐私"), Cover(ID, "个人隐私")]


def text(data: bytes, page: int) -> str:
    """What a page says."""
    document = pypdfium2.PdfDocument(data)
    try:
        return str(document[page - 1].get_textpage().get_text_bounded())
    finally:
        document.close()


def picture(data: bytes, page: int, dpi: int = 72) -> Any:
    """A page as it is seen."""
    document = pypdfium2.PdfDocument(data)
    try:
        return document[page - 1].render(scale=dpi / 72).to_pil().convert("L")
    finally:
        document.close()


def test_every_corner() -> None:
    original = file()
    before = bytes(original)
    assert in_pdf(original, NAME) and in_pdf(lines(), NAME)
    out = redact(original, "答复.pdf", COVERS)
    assert original == before
    assert in_pdf(out.data, NAME) == [] and in_pdf(out.data, ID) == [] and in_pdf(out.data, "１１０１") == []
    with pikepdf.open(io.BytesIO(out.data)) as held:
        assert set(held.Root.keys()) == {"/Type", "/Pages"} and "/Info" not in held.trailer
        assert not any("/Annots" in p.obj for p in held.pages)
        assert "/Font" not in held.pages[0].resources
    assert text(out.data, 1).strip() == ""
    assert "第二页没有秘密" in text(out.data, 2) and "checked by office" in text(out.data, 2)
    assert out.data.count(b"%%EOF") == 1


def test_the_pixels_are_black() -> None:
    out = redact(lines(), "答复.pdf", COVERS)
    seen = picture(out.data, 1)
    # The name on the second line stands behind four signs of 14 points.
    name = seen.crop((72 + 4 * 14 + 1, 842 - 760 + 24 - 10, 72 + 8 * 14 - 1, 842 - 760 + 24 + 1))
    assert name.getextrema()[1] < 40
    before = seen.crop((72, 842 - 760 + 24 - 12, 72 + 3 * 14, 842 - 760 + 24 + 2))
    assert before.getextrema()[1] > 200
    title = picture(lines(), 1).crop((70, 70, 300, 90)).tobytes(), seen.crop((70, 70, 300, 90)).tobytes()
    assert sum(abs(a - b) > 120 for a, b in zip(*title, strict=True)) < 60


def test_places_and_list() -> None:
    places = [p.place for p in find(file(), "a.pdf", NAME)]
    assert places[:2] == ["第1页第2行", "第1页第3行"]
    assert {"文件属性", "书签或标题", "替代文字", "脚本", "附件名称"} <= set(places)
    assert any(p.startswith("第2页的") for p in places)
    broken = find(file(), "a.pdf", NAME)[1]
    assert (broken.before[-3:], "".join(broken.text.split()), broken.after[:3]) == ("经查，", NAME, "的证号")
    out = redact(file(), "a.pdf", COVERS)
    assert ("第1页第3行", "个人隐私") in [(c.place, c.reason) for c in out.covered] and NAME not in repr(out.covered)


def test_areas() -> None:
    out = redact(lines(), "a.pdf", [Area(2, (60, 60, 300, 140), "第三方信息", "条例第十五条")])
    assert picture(out.data, 2).crop((62, 62, 298, 138)).getextrema() == (0, 0)
    assert picture(out.data, 2).getextrema() == (0, 255)
    assert NAME in text(out.data, 1) and text(out.data, 2).strip() == ""
    assert out.covered[0].place == "第2页的一块区域"
    for bad in (Area(9, (0, 0, 9, 9), "x"), Area(1, (700, 0, 900, 9), "x"), Area(1, (5, 5, 5, 5), "x")):
        with pytest.raises(PaperRefused):
            redact(lines(), "a.pdf", [bad])
    with pytest.raises(PaperRefused, match="区域"):
        redact(lines(), "a.pdf", [Picture(1, "x")])


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_turned_and_cropped_pages(turn: int) -> None:
    with pikepdf.open(io.BytesIO(lines())) as pdf:
        pdf.pages[0].obj.Rotate = turn
        pdf.pages[0].obj.CropBox = [50, 400, 500, 800]
        held = io.BytesIO()
        pdf.save(held)
    out = redact(held.getvalue(), "a.pdf", COVERS)
    before, after = picture(held.getvalue(), 1, 144), picture(out.data, 1, 144)
    assert before.size == after.size
    upright = after.rotate(turn, expand=True)
    # 16 and 14 point signs, twice the size: left edge 50, top 800.
    box = tuple(2 * v for v in (72 + 4 * 14 + 2 - 50, 800 - 736 - 9, 72 + 8 * 14 - 2 - 50, 800 - 736))
    assert upright.crop(box).getextrema()[1] < 60


def shared_font(second: str) -> bytes:
    """Two pages set in one embedded font whose subset holds the signs of both."""
    import reportlab
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.pdfgen.canvas import Canvas

    folder = reportlab.__path__[0]
    pdfmetrics.registerFont(TTFont("Vera", f"{folder}/fonts/Vera.ttf"))
    held = io.BytesIO()
    canvas = Canvas(held)
    for words in ("Name: Quux", second):
        canvas.setFont("Vera", 14)
        canvas.drawString(72, 700, words)
        canvas.showPage()
    canvas.save()
    return held.getvalue()


def test_a_font_that_would_tell_is_not_kept() -> None:
    out = redact(shared_font("nothing here"), "a.pdf", [Cover("Quux", "隐私")])
    with pikepdf.open(io.BytesIO(out.data)) as held:
        assert not [o for o in held.objects if isinstance(o, pikepdf.Dictionary) and "/BaseFont" in o]
    assert any("共用字形" in n for n in out.notes)
    kept = redact(shared_font("Question, fuxx"), "a.pdf", [Cover("Quux", "隐私")])
    assert "Question" in text(kept.data, 2)


def test_shared_resources_and_pictures_do_not_travel() -> None:
    with pikepdf.open(io.BytesIO(lines())) as pdf:
        image = pdf.make_stream(jpeg(NAME))
        for key, value in {
            "Subtype": "/Image",
            "Type": "/XObject",
            "ColorSpace": "/DeviceRGB",
            "Filter": "/DCTDecode",
        }.items():
            image[f"/{key}"] = pikepdf.Name(value)
        image["/Width"], image["/Height"], image["/BitsPerComponent"] = 60, 40, 8
        image["/Metadata"] = pdf.make_stream(NAME.encode())
        form = pdf.make_stream(NAME.encode("utf-16-be"))
        for page in pdf.pages:
            page.obj.Resources.XObject = pikepdf.Dictionary(Im9=image, Fm9=form)
        second = pdf.pages[1]
        second.Contents = pdf.make_stream(second.Contents.read_bytes() + b" q 60 0 0 40 72 500 cm /Im9 Do Q")
        held = io.BytesIO()
        pdf.save(held)
    out = redact(held.getvalue(), "a.pdf", COVERS)
    assert in_pdf(out.data, NAME) == [] and "第二页" in text(out.data, 2)
    assert b"/DCTDecode" in out.data
    with pikepdf.open(io.BytesIO(out.data)) as made_new:
        assert list(made_new.pages[1].resources.XObject.keys()) == ["/Im9"]


def test_a_hidden_layer_is_not_supplied() -> None:
    with pikepdf.open(io.BytesIO(lines())) as pdf:
        layer = pdf.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.OCG, Name=pikepdf.String("底层")))
        pdf.Root.OCProperties = pikepdf.Dictionary(OCGs=[layer], D=pikepdf.Dictionary(OFF=[layer]))
        second = pdf.pages[1]
        second.obj.Resources.Properties = pikepdf.Dictionary(L0=layer)
        second.Contents = pdf.make_stream(b"/OC /L0 BDC " + second.Contents.read_bytes() + b" EMC")
        held = io.BytesIO()
        pdf.save(held)
    out = redact(held.getvalue(), "a.pdf", COVERS)
    assert text(out.data, 2).strip() == "" and picture(out.data, 2).getextrema() == (255, 255)


def test_locked_and_again() -> None:
    from reportlab.lib.pdfencrypt import StandardEncryption

    locked = made.plan_pdf(encrypt=StandardEncryption("opened-by-this", ownerPassword="owner", strength=128))
    with pytest.raises(PaperRefused, match="密码"):
        redact(locked, "a.pdf", COVERS)
    owned = made.pdf([[f"申请人{NAME}"]], encrypt=StandardEncryption("", ownerPassword="owner", strength=128))
    assert in_pdf(redact(owned, "a.pdf", [COVERS[0]]).data, NAME) == []
    first = redact(lines(), "a.pdf", COVERS)
    assert first.data == redact(lines(), "a.pdf", COVERS).data
    again = redact(first.data, "a.pdf", [Cover("第二页", "隐私")])
    assert len(again.covered) == 1 and any("第1页没有可查找的文字" in n for n in again.notes)
    with pytest.raises(PaperRefused, match="没有找到"):
        redact(first.data, "a.pdf", COVERS)


def test_words_said_instead_of_what_is_drawn() -> None:
    with pikepdf.open(io.BytesIO(lines())) as pdf:
        for page, words in zip(pdf.pages, ("", "别的话"), strict=True):
            said = f"/Span <</ActualText <FEFF{words.encode('utf-16-be').hex()}>>> BDC ".encode()
            page.Contents = pdf.make_stream(said + page.Contents.read_bytes() + b" EMC")
        held = io.BytesIO()
        pdf.save(held)
    assert [p.place for p in find(held.getvalue(), "a.pdf", NAME)] == ["第1页第2行", "第1页第3行"]
    assert find(held.getvalue(), "a.pdf", "别的话") and find(held.getvalue(), "a.pdf", "第二页没有秘密")
    out = redact(held.getvalue(), "a.pdf", COVERS)
    assert in_pdf(out.data, NAME) == [] and in_pdf(out.data, "别的话") == [] and "第二页" in text(out.data, 2)
    assert text(redact(held.getvalue(), "a.pdf", [Cover("别的话", "隐私")]).data, 2).strip() == ""
