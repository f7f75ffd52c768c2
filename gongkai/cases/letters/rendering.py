"""From a template and what it may print to a finished letter."""

from __future__ import annotations

import io
from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docxtpl import DocxTemplate
from jinja2 import Undefined
from jinja2.sandbox import SandboxedEnvironment

from gongkai.cases.letters.package import pack, unpack
from gongkai.cases.letters.values import FILTERS, shown


def environment() -> SandboxedEnvironment:
    """Jinja with our filters and nothing else: no functions, no tests, no attributes but those of a loop.

    What is printed is escaped, so that a name with a < in it cannot break the document.
    """
    made = SandboxedEnvironment(autoescape=True, finalize=shown, undefined=Undefined)
    made.globals.clear()
    made.tests.clear()
    made.filters.clear()
    made.filters.update(FILTERS)
    return made


def render(template: bytes, values: dict[str, Any], title: str) -> bytes:
    """A letter from a template that was examined before, without metadata, the same bytes for the same values."""
    made: Any = DocxTemplate(io.BytesIO(template))
    made.render(values, environment(), autoescape=True)
    for cell in made.docx.element.body.iter(qn("w:tc")):
        # Word does not open a cell without a paragraph; a list without items leaves one.
        if cell.find(qn("w:p")) is None:
            cell.append(OxmlElement("w:p"))
    held = io.BytesIO()
    made.save(held)
    return pack(unpack(held.getvalue()), title)
