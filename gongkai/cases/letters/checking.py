"""Whether a file may serve as the template of a letter: it opens, it is harmless, it says what the letter must say."""

from __future__ import annotations

import io
import re
from typing import Any

from docxtpl import DocxTemplate
from jinja2 import TemplateError, nodes
from lxml import etree

from gongkai.base.issues import Issue, Refused
from gongkai.cases.letters.kinds import LetterKind, fields, kinds, sample
from gongkai.cases.letters.package import PRINTED, Parts, pack, parse, relations, types, unpack
from gongkai.cases.letters.rendering import environment, render
from gongkai.cases.letters.tags import Tags, W, issue
from gongkai.cases.letters.values import context

_FIELDS = {"PAGE", "NUMPAGES", "SECTIONPAGES", "HYPERLINK"}
"""Word's own fields that fetch nothing. Others read files, other documents or databases."""
_REVISIONS = {"ins", "del", "moveFrom", "moveTo", "delText", "commentReference", "commentRangeStart"}
_OBJECTS = {"object", "altChunk", "subDoc", "control", "OLEObject"}
_LINKS = re.compile(r"(?:https?|mailto|tel):", re.I)
_NODES: tuple[type[nodes.Node], ...] = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Name,
    nodes.Filter,
    nodes.Getattr,
    nodes.If,
    nodes.For,
    nodes.And,
    nodes.Or,
    nodes.Not,
)


def check_template(code: str, data: bytes) -> list[Issue]:
    """What is wrong with a file as the template of a letter; nothing when it may be used. Raises KeyError.

    A file from outside is never filled before all of this: bounds of the package, macros, objects and links, tracked
    changes and comments (they would travel with the letter), the tags, the fields, and that what the letter must say
    (条例第三十六条、行政复议法第二十三条第二款) is printed under no condition. Then it is filled twice with invented fields.
    """
    kind = kinds()[code]
    found = examine(kind, data)
    if found:
        return found
    try:
        ready = pack(unpack(data), kind.title)
        full = sample(code)
        for given in (full, {name: full[name] for name in kind.needs}):
            render(ready, context(kind, given), kind.title)
    except Exception:  # whatever a broken file can bring about in three libraries
        return [issue("render", "用示例内容试填这份模板没有成功；请从系统内置的模板重新修改。")]
    return []


def examine(kind: LetterKind, data: bytes) -> list[Issue]:
    """Everything that can be said of a template without filling it."""
    try:
        parts = unpack(data)
        found = [*_outside(parts), *_contents(kind, parts)]
    except Refused as refused:
        return list(refused.issues)
    return list(dict.fromkeys(found)) or _as_jinja(parts, kind)


def _outside(parts: Parts) -> list[Issue]:
    out = []
    for _, kind, target, external in relations(parts):
        if kind in ("oleObject", "package", "control", "aFChunk", "subDocument", "vbaProject"):
            out.append(issue("object", "文件中嵌有其他文件或者控件，不能用作模板；请删去后再试。"))
        elif external and kind != "attachedTemplate" and not (kind == "hyperlink" and _LINKS.match(target)):
            out.append(issue("link", "文件链接了外部的图片或者文件；请改为嵌入图片、断开链接后再试。"))
    return out


def _contents(kind: LetterKind, parts: Parts) -> list[Issue]:
    out: list[Issue] = []
    tags = Tags(kind)
    printed = {name for name, content in types(parts).items() if content in PRINTED}
    for name in sorted(n for n in parts if n.endswith(".xml") and n.startswith("word/")):
        root = parse(parts[name])
        out += _elements(root)
        if name in printed:
            tags.read(root)
    out += tags.issues
    for code in kind.needs:
        if code not in tags.printed and not out:
            field = fields()[code]
            tag = f"{{% for one in {code} %}}" if field.type == "list" else f"{{{{ {code} }}}}"
            say = f"《{kind.name}》须写明“{field.name}”，模板中没有，或者写在条件之内；请加上“{tag}”。"
            tags.issues.append(issue("missing", say, code))
    return out or tags.issues


def _elements(root: etree._Element) -> list[Issue]:
    out = []
    for one in root.iter():
        if not isinstance(one.tag, str):
            continue
        name = etree.QName(one).localname
        if name in _OBJECTS:
            out.append(issue("object", "文件中嵌有其他文件或者控件，不能用作模板；请删去后再试。"))
        elif one.tag.startswith(W) and (name in _REVISIONS or name.endswith("PrChange")):
            out.append(issue("revision", "文件中有修订痕迹或者批注；请接受全部修订、删除全部批注后再试。"))
    if any(not said or said.split()[0].upper() not in _FIELDS for said in _instructions(root)):
        out.append(issue("link", "文件中有页码、超链接以外的域；请把这些域转成普通文字后再试。"))
    return out


def _instructions(root: etree._Element) -> list[str]:
    """What Word's fields of a part say, each put together from its pieces."""
    done: list[str] = [str(one.get(f"{W}instr", "")).strip() for one in root.iter(f"{W}fldSimple")]
    open_: list[list[str]] = []
    for one in root.iter(f"{W}fldChar", f"{W}instrText"):
        if one.tag == f"{W}instrText":
            if not open_:
                done.append("")  # text of a field outside any field: not what an office program writes
            else:
                open_[-1].append(one.text or "")
        elif one.get(f"{W}fldCharType") == "begin":
            open_.append([])
        elif one.get(f"{W}fldCharType") == "end":
            done.append("".join(open_.pop()).strip() if open_ else "")
    return done + ["".join(pieces).strip() for pieces in open_]


def _as_jinja(parts: Parts, kind: LetterKind) -> list[Issue]:
    """A second look, at what Jinja will really be given: only the harmless kinds of node, and not run.

    The first look read the document; between it and Jinja stands a library that puts the tags together. Should the two
    ever read differently, this refuses. Parsing alone computes nothing.
    """
    try:
        made: Any = DocxTemplate(io.BytesIO(pack(parts, kind.title)))
        made.render_init()
        texts = [made.patch_xml(made.get_xml())]
        for uri in (made.HEADER_URI, made.FOOTER_URI):
            for _, part in made.get_headers_footers(uri):
                texts.append(made.patch_xml(made.get_part_xml(part)))
        env = environment()
        for text in texts:
            if not _harmless(env.parse(text)):
                return [issue("tag", "模板中有不允许的标记；请从系统内置的模板重新修改。")]
    except (TemplateError, RecursionError):
        return [issue("syntax", "模板中的标记不完整；请从系统内置的模板重新修改。")]
    except Exception:  # a package that python-docx cannot read
        return [issue("file", "文件不完整或者已损坏，无法打开；请用 WPS 或 Word 打开后另存为 .docx 再试。")]
    return []


def _harmless(tree: nodes.Node) -> bool:
    waiting: list[nodes.Node] = [tree]
    while waiting:
        node = waiting.pop()
        if not isinstance(node, _NODES):
            return False
        if isinstance(node, nodes.Getattr) and not (isinstance(node.node, nodes.Name) and node.node.name == "loop"):
            return False
        if isinstance(node, nodes.For) and (node.recursive or node.test or next(node.find_all(nodes.For), None)):
            return False
        waiting += node.iter_child_nodes()
    return True
