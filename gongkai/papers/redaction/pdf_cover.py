"""A copy of a PDF without what is covered: pages with covers become pictures, the others keep what they draw."""

from __future__ import annotations

import io
import math
import zlib
from collections.abc import Sequence
from typing import Any

import pikepdf

from gongkai.papers.redaction import pdf_keep, pdf_text
from gongkai.papers.redaction.model import Area, Cover, Covered, Needle, Passage, Unit
from gongkai.papers.redaction.model import passages as unit_passages
from gongkai.papers.redaction.pdf_open import BROKEN, Opened, opened
from gongkai.papers.refusal import PaperRefused

DPI = 200
MAX_PIXELS = 40_000_000
MAX_POINTS = 14_400
_PAD = 0.8
_PLAIN_BYTES = 900_000
_INK = 0.6
Pixels = tuple[int, int, int, int]


class Drawn:
    """A PDF that was made ready, with the text of its pages."""

    def __init__(self, data: bytes) -> None:
        import pypdfium2

        self.opened: Opened = opened(data)
        try:
            said = self._saved()
            # What is drawn is looked through, and besides what a reader is told to say instead of it.
            spoken = pdf_keep.unmarked(self.opened.pdf)
            self.document = pypdfium2.PdfDocument(self._saved())
            self.pages = [pdf_text.read_page(self.document[n], n + 1) for n in range(len(self.document))]
            self.spoken = self._read(said) if spoken else []
        except (pypdfium2.PdfiumError, pikepdf.PdfError) as error:
            raise PaperRefused(BROKEN) from error
        if len(self.pages) != len(self.opened.pdf.pages):
            raise PaperRefused(BROKEN)

    def _saved(self) -> bytes:
        held = io.BytesIO()
        self.opened.pdf.save(held)
        return held.getvalue()

    def _read(self, data: bytes) -> list[pdf_text.PageText]:
        import pypdfium2

        document = pypdfium2.PdfDocument(data)
        try:
            return [pdf_text.read_page(document[n], n + 1) for n in range(len(document))]
        finally:
            document.close()

    def close(self) -> None:
        """Let go of the file."""
        self.document.close()

    def passages(self, needle: Needle) -> list[Passage]:
        """Where a string stands, on pages and where no page shows it."""
        out = []
        for page in self.pages:
            out += pdf_text.passages([self.where(page, needle)], needle)
        return out + unit_passages(self.hidden, needle)

    def where(self, page: pdf_text.PageText, needle: Needle) -> pdf_text.PageText:
        """The reading of a page in which a string is to be looked for."""
        if self.spoken and not any(pdf_text.places(page, needle)):
            return self.spoken[page.number - 1]
        return page

    @property
    def hidden(self) -> list[Unit]:
        """Texts that no page shows."""
        return self.opened.hidden


def redact(
    drawn: Drawn, covers: Sequence[tuple[Cover, Needle]], areas: Sequence[Area]
) -> tuple[bytes, list[Covered], list[str]]:
    """The copy, the areas that were covered, and what a person has to look at."""
    boxes: dict[int, list[pdf_text.Box]] = {}
    hits: dict[int, set[int]] = {}
    for page in drawn.pages:
        for _, needle in covers:
            read = drawn.where(page, needle)
            for start, end in pdf_text.places(read, needle):
                boxes.setdefault(page.number, []).extend(read.runs(start, end))
                # Signs of the other reading are numbered otherwise: then all of the page counts as covered.
                gone = range(start, end) if read is page else range(len(page.signs))
                hits.setdefault(page.number, set()).update(gone)
    painted: dict[int, list[tuple[float, float, float, float]]] = {}
    done: list[Covered] = []
    for area in areas:
        if not 1 <= area.page <= len(drawn.pages):
            raise PaperRefused(f"要遮盖的区域在第{area.page}页，文件只有{len(drawn.pages)}页；请核对后再试。")
        painted.setdefault(area.page, []).append(_inside(drawn, area))
        done.append(Covered(f"第{area.page}页的一块区域", area.reason, area.basis, 0))
        hits.setdefault(area.page, set()).update(_under(drawn, area))
    notes = list(drawn.opened.notes)
    pictured = set(boxes) | set(hits) | set(painted)
    own = len(pictured)
    pictured |= pdf_keep.unseen_layers(drawn.opened.pdf)
    pictured |= pdf_keep.telling_fonts(drawn.opened.pdf, drawn.pages, hits)
    blank = [p.number for p in drawn.pages if not p.text.strip()]
    if blank:
        notes.append(f"第{_list(blank)}页没有可查找的文字（扫描件或图片），请逐页看过，需要时按区域遮盖。")
    new = pikepdf.new()
    done_streams: set[tuple[int, int]] = set()
    for number, page in enumerate(drawn.opened.pdf.pages, 1):
        if number not in pictured:
            kept = pdf_keep.kept_page(drawn.opened.pdf, new, page, done_streams)
            if kept is not None:
                new.pages.append(kept)
                continue
            pictured.add(number)
        picture, width, height = _picture(drawn, number, boxes.get(number, []), painted.get(number, []))
        new.pages.append(_image_page(new, picture, width, height))
    if len(pictured) > own:
        notes.append("有几页没有遮盖内容，但与被遮盖的页共用字形或含有隐藏图层，也转成了图片。")
    if pictured:
        notes.append(f"第{_list(sorted(pictured))}页已转成图片，页上的文字不能再选取和复制。")
    held = io.BytesIO()
    # Written whole and new: no old object, no old number of the file.
    new.save(held, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return held.getvalue(), done, notes


def _list(numbers: Sequence[int]) -> str:
    return "、".join(map(str, numbers))


def _size(drawn: Drawn, number: int) -> tuple[float, float]:
    width, height = drawn.document[number - 1].get_size()
    if not (0 < width <= MAX_POINTS and 0 < height <= MAX_POINTS):
        raise PaperRefused(f"PDF 第{number}页的尺寸异常，无法处理；请用阅读器打印为普通纸张大小的 PDF 再试。")
    return width, height


def _inside(drawn: Drawn, area: Area) -> tuple[float, float, float, float]:
    width, height = _size(drawn, area.page)
    if not all(math.isfinite(v) for v in area.box):
        raise PaperRefused(f"第{area.page}页要遮盖的区域不对；请重新框选。")
    left, top, right, bottom = area.box
    box = (max(0.0, left), max(0.0, top), min(width, right), min(height, bottom))
    if box[2] - box[0] < 1 or box[3] - box[1] < 1:
        raise PaperRefused(f"第{area.page}页要遮盖的区域不在页面上，或者太小；请重新框选。")
    return box


def _under(drawn: Drawn, area: Area) -> set[int]:
    page = drawn.document[area.page - 1]
    left, top, right, bottom = area.box
    out = set()
    for at, box in enumerate(drawn.pages[area.page - 1].boxes):
        if box is not None:
            x0, y0, x1, y1 = _pixels(page, box, 1.0)
            if x0 <= right and x1 >= left and y0 <= bottom and y1 >= top:
                out.add(at)
    return out


def _pixels(page: Any, box: pdf_text.Box, scale: float) -> Pixels:
    """A box of the page as the picture measures it; rotation and cropping are PDFium's business."""
    import ctypes

    import pypdfium2.raw as raw

    width, height = (math.ceil(v * scale * 16) for v in page.get_size())
    xs, ys = [], []
    for x, y in ((box[0], box[1]), (box[0], box[3]), (box[2], box[1]), (box[2], box[3])):
        a, b = ctypes.c_int(), ctypes.c_int()
        # In sixteenths of a pixel: what comes back is whole numbers.
        raw.FPDF_PageToDevice(page.raw, 0, 0, width, height, 0, x, y, a, b)
        xs.append(a.value / 16)
        ys.append(b.value / 16)
    return math.floor(min(xs)), math.floor(min(ys)), math.ceil(max(xs)), math.ceil(max(ys))


def _picture(
    drawn: Drawn, number: int, boxes: Sequence[pdf_text.Box], areas: Sequence[tuple[float, float, float, float]]
) -> tuple[Any, float, float]:
    """A page drawn, with black in its pixels before anything is embedded."""
    from PIL import ImageDraw

    page = drawn.document[number - 1]
    width, height = _size(drawn, number)
    scale = min(DPI / 72, math.sqrt(MAX_PIXELS / (width * height)))
    picture = page.render(scale=scale, may_draw_forms=False, draw_annots=False).to_pil().convert("RGB")
    brush = ImageDraw.Draw(picture)
    pad = math.ceil(_PAD * scale)
    for box in boxes:
        x0, y0, x1, y1 = _pixels(page, box, scale)
        brush.rectangle((x0 - pad, y0 - pad, x1 + pad, y1 + pad), fill=(0, 0, 0))
    for left, top, right, bottom in areas:
        edges = (math.floor(left * scale), math.floor(top * scale), math.ceil(right * scale), math.ceil(bottom * scale))
        brush.rectangle(edges, fill=(0, 0, 0))
    return picture, width, height


def _image_page(pdf: Any, picture: Any, width: float, height: float) -> Any:
    shape: dict[str, Any] = {
        "/Type": pikepdf.Name.XObject,
        "/Subtype": pikepdf.Name.Image,
        "/Width": picture.width,
        "/Height": picture.height,
        "/BitsPerComponent": 8,
        "/ColorSpace": pikepdf.Name.DeviceRGB,
        "/Filter": pikepdf.Name.FlateDecode,
    }
    red, green, blue = picture.split()
    if red.tobytes() == green.tobytes() == blue.tobytes():
        picture, shape["/ColorSpace"] = red, pikepdf.Name.DeviceGray
        counts = red.histogram()
        if counts[0] + counts[255] > _INK * sum(counts):
            # Ink on paper: sixteen greys look the same and weigh half.
            picture = red.point([v // 17 * 17 for v in range(256)])
    data = zlib.compress(picture.tobytes(), 6)
    if len(data) > _PLAIN_BYTES:
        held = io.BytesIO()
        picture.save(held, "JPEG", quality=88, subsampling=0)
        data, shape["/Filter"] = held.getvalue(), pikepdf.Name.DCTDecode
    image = pikepdf.Stream(pdf, data)
    for key, value in shape.items():
        image[key] = value
    content = f"q {width:.3f} 0 0 {height:.3f} 0 0 cm /Im0 Do Q".encode()
    page = pikepdf.Dictionary(
        Type=pikepdf.Name.Page,
        MediaBox=[0, 0, round(width, 3), round(height, 3)],
        Resources=pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=pdf.make_indirect(image))),
        Contents=pdf.make_indirect(pikepdf.Stream(pdf, content)),
    )
    return pikepdf.Page(pdf.make_indirect(page))
