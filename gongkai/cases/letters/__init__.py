"""The letters of a request for information: what there is, filled from the fields of a case, from our template or theirs.

kinds()                        every letter with what it needs
kind_of_answer(outcome, ground) the answer to an outcome of the law
template(code)                 the built-in .docx, for a clerk to change in Word or WPS
check_template(code, data)     what is wrong with what came back
fill(code, fields, template)   the letter
sample(code), preview(code, data)   a letter with invented fields
to_pdf(docx), plain_text(docx)
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from gongkai.base.issues import Refused
from gongkai.cases.letters.checking import check_template, examine
from gongkai.cases.letters.drawing import draw
from gongkai.cases.letters.kinds import Field, LetterKind, Row, fields, kind_of_answer, kinds, sample
from gongkai.cases.letters.office import to_pdf, to_pdfs
from gongkai.cases.letters.package import pack, parse, unpack
from gongkai.cases.letters.rendering import render
from gongkai.cases.letters.values import context

__all__ = [
    "Field",
    "LetterKind",
    "Row",
    "check_template",
    "fields",
    "fill",
    "kind_of_answer",
    "kinds",
    "plain_text",
    "preview",
    "sample",
    "template",
    "to_pdf",
    "to_pdfs",
]


@lru_cache(maxsize=64)
def template(code: str) -> bytes:
    """The built-in template of a letter as .docx (GB/T 9704-2012), the same bytes each time. Raises KeyError."""
    return draw(kinds()[code])


def fill(code: str, fields: Mapping[str, object], template: bytes | None = None) -> bytes:
    """A letter as .docx: its kind's fields put into the built-in template, or into one of the office's own.

    Fields that the kind does not take are ignored, so nothing of the applicant reaches a third party (条例第三十二条).
    The result names nobody who wrote it, and the same fields give the same bytes. Raises KeyError for an unknown kind,
    and Refused: `letter.field` for each needed field that is missing or wrong (条例第三十六条 says what an answer tells),
    `letter.template…` for a template that may not be used.
    """
    kind = kinds()[code]
    values = context(kind, fields)
    if template is None:
        return render(_built_in(code), values, kind.title)
    found = examine(kind, template)
    if found:
        raise Refused(*found)
    return render(pack(unpack(template), kind.title), values, kind.title)


def _built_in(code: str) -> bytes:
    return template(code)


def preview(code: str, data: bytes) -> bytes:
    """A template filled with the invented fields of `sample`. Raises as `fill`."""
    return fill(code, sample(code), data)


def plain_text(docx: bytes) -> str:
    """What a letter says, one line a paragraph, cells of tables one after the other. Raises Refused for no .docx."""
    word = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    root = parse(unpack(docx)["word/document.xml"])
    lines = []
    for paragraph in root.iter(f"{word}p"):
        pieces = []
        for one in paragraph.iter(f"{word}t", f"{word}tab", f"{word}br"):
            pieces.append(one.text or "" if one.tag == f"{word}t" else " ")
        lines.append("".join(pieces))
    return "\n".join(lines)
