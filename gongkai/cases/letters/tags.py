"""The tags of a template: a small language of our own within Jinja's, read before Jinja sees anything.

A template is a file from outside. What is not listed here is refused: no functions, no attributes but those of a loop,
no arithmetic, one loop within no other, each tag within one paragraph and each pair around whole paragraphs or within
one. So a template always ends, in time that grows with its length, and always leaves a document that opens.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from gongkai.base.issues import Issue
from gongkai.cases.letters.kinds import Field, LetterKind, fields
from gongkai.cases.letters.values import FILTERS

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MAX_TAGS = 400
MAX_TAG = 200
MAX_TEXT = 200_000
MAX_ELEMENTS = 20_000
"""A long letter has three thousand; what fills templates takes the square of their number."""

_NAME = r"[^\W\d]\w{0,60}"
_TERM = rf"(?:not\s+)?{_NAME}(?:\.{_NAME})?"
_OUT = re.compile(rf"\{{\{{\s*({_NAME})(?:\.({_NAME}))?((?:\s*\|\s*{_NAME})*)\s*\}}\}}")
_IF = re.compile(rf"\{{%(p\s)?\s*(if|elif)\s+({_TERM}(?:\s+(?:and|or)\s+{_TERM}){{0,8}})\s*%\}}")
_FOR = re.compile(rf"\{{%(p\s)?\s*for\s+({_NAME})\s+in\s+({_NAME})\s*%\}}")
_END = re.compile(r"\{%(p\s)?\s*(else|endif|endfor)\s*%\}")
_COMMENT = re.compile(r"\{#[^{}]*#\}")
_TAG = re.compile(r"\{\{[^{}]*\}\}|\{%[^{}]*%\}|\{#[^{}]*#\}")
_MARKS = re.compile(r"\{\{|\{%|\{#|\}\}|%\}|#\}")
_WIDE = re.compile(r"[｛｝]")
_LOOP = {"index", "first", "last", "length"}
_WORDS = {"and", "or", "not", "if", "else", "elif", "for", "in", "is", "loop"}


def issue(rule: str, say: str, about: str = "") -> Issue:
    """What is wrong with a template."""
    return Issue(f"letter.template.{rule}", say, about)


@dataclass(slots=True)
class _Open:
    """A tag that waits for its end: if or for, whether of whole paragraphs, where.

    `one` is a loop's own name, or the one field that a condition asks for (nothing after `else`); `many` the list.
    """

    word: str
    whole: bool
    place: object
    tag: str
    one: str = ""
    many: str = ""


@dataclass(slots=True)
class Tags:
    """Reads the tags of one template, part by part; `issues` and `printed` are what comes of it."""

    kind: LetterKind
    issues: list[Issue] = field(default_factory=list)
    printed: set[str] = field(default_factory=set)
    _stack: list[_Open] = field(default_factory=list)
    _count: int = 0
    _length: int = 0

    def read(self, root: etree._Element) -> None:
        """Read a part: what a paragraph says as a whole, and that no tag hides where none is looked for."""
        if sum(1 for _ in root.iter()) > MAX_ELEMENTS:
            self.issues.append(issue("size", "模板内容过多，不像是一份文书；请从系统内置的模板重新修改。"))
            return
        if self._hidden(root):
            self.issues.append(issue("place", "标记只能写在正文、表格、页眉页脚的文字里，请从域、文本效果等处移出。"))
            return
        for paragraph, text in _paragraphs(root):
            self._length += len(text)
            if self._length > MAX_TEXT:
                self.issues.append(issue("size", "模板文字过多，不像是一份文书；请删减后再试。"))
                return
            self._paragraph(paragraph, text)
            if len(self.issues) > 20:
                return
        for open_ in self._stack:
            end = "endif" if open_.word == "if" else "endfor"
            self.issues.append(issue("syntax", f"标记“{open_.tag}”没有对应的“{end}”，请补上。"))
        self._stack.clear()

    def _hidden(self, root: etree._Element) -> bool:
        for one in root.iter():
            if not isinstance(one.tag, str):
                if "{" in (one.text or "") or "}" in (one.text or ""):
                    return True
            elif one.tag != f"{W}t" and one.text and ("{" in one.text or "}" in one.text):
                return True
            if one.tail and ("{" in one.tail or "}" in one.tail):
                return True
            if isinstance(one.tag, str) and any(_MARKS.search(str(v)) for v in one.attrib.values()):
                return True
        return False

    def _paragraph(self, paragraph: etree._Element, text: str) -> None:
        if "{" not in text and "}" not in text:
            if _WIDE.search(text):
                self.issues.append(issue("braces", f"“{_short(text)}”用了全角花括号，标记须用半角的花括号，请改正。"))
            return
        tags = _TAG.findall(text)
        rest = _TAG.sub("", text)
        if "{" in rest or "}" in rest or _WIDE.search(rest):
            self.issues.append(
                issue("braces", f"“{_short(text)}”中的花括号不成对，或者一个标记跨了段落、混用全角；请核对。")
            )
            return
        self._count += len(tags)
        if self._count > MAX_TAGS:
            self.issues.append(issue("size", f"模板中的标记超过{MAX_TAGS}个，请删减。"))
            return
        for tag in tags:
            alone = text.strip() == tag
            self._tag(tag, paragraph, alone)
        for open_ in [o for o in self._stack if not o.whole]:
            self.issues.append(
                issue("syntax", f"标记“{open_.tag}”在本段没有结束；要管若干整段的，请写成“{{%p … %}}”并单独成段。")
            )
            self._stack.remove(open_)

    def _tag(self, tag: str, paragraph: etree._Element, alone: bool) -> None:
        if len(tag) > MAX_TAG:
            self._unknown(tag)
        elif tag.startswith("{#"):
            if not _COMMENT.fullmatch(tag):
                self._unknown(tag)
        elif found := _OUT.fullmatch(tag):
            self._output(tag, found[1], found[2] or "", re.findall(_NAME, found[3]))
        elif found := _IF.fullmatch(tag) or _FOR.fullmatch(tag) or _END.fullmatch(tag):
            if found[1] and not alone:
                self.issues.append(issue("syntax", f"标记“{tag}”管的是整段，须单独成段，请把同段的其他文字移开。"))
            place = paragraph.getparent() if found[1] else paragraph
            if found.re is _END:
                self._end(tag, found[2], bool(found[1]), place)
            elif found.re is _FOR:
                self._for(_Open("for", bool(found[1]), place, tag, found[2], found[3]))
            else:
                self._if(tag, found[2], found[3], bool(found[1]), place)
        else:
            self._unknown(tag)

    def _unknown(self, tag: str) -> None:
        self.issues.append(
            issue(
                "tag",
                f"看不懂标记“{_short(tag)}”：只能写“{{{{ 字段 }}}}”“{{{{ 字段|date }}}}”、"
                "“{% if 字段 %}…{% endif %}”“{% for one in 字段 %}…{% endfor %}”，请改正。",
            )
        )

    def _loops(self) -> Iterator[_Open]:
        return (o for o in self._stack if o.word == "for")

    def _known(self, tag: str, name: str, attribute: str) -> Field | None:
        """The field that a name means; None for a loop's own name, and after saying what is wrong with it."""
        if name == "loop" or attribute:
            if name != "loop" or attribute not in _LOOP or not any(self._loops()):
                self._unknown(tag)
            return None
        if any(o.one == name for o in self._loops()):
            return None
        found = fields().get(name)
        if found is None or name in _WORDS:
            self.issues.append(issue("field", f"没有“{name}”这个字段，请改成《{self.kind.name}》可用的字段。", name))
        elif name not in self.kind.fields:
            if self.kind.about_others and found.personal:
                say = f"“{found.name}”（{name}）会让第三方知道申请人的信息，《{self.kind.name}》不得使用，请删去。"
                self.issues.append(issue("personal", say, name))
            else:
                say = f"《{self.kind.name}》不使用“{found.name}”（{name}），请删去。"
                self.issues.append(issue("field", say, name))
        else:
            return found
        return None

    def _output(self, tag: str, name: str, attribute: str, filters: list[str]) -> None:
        for one in filters:
            if one not in FILTERS:
                self.issues.append(issue("tag", f"标记“{_short(tag)}”中的“{one}”不可用，只能用 date、sentence、bare。"))
        # What stands under a condition may be missing from the letter; not so if that condition is always met.
        certain = all(o.word == "for" or o.one in self.kind.needs for o in self._stack)
        for loop in self._loops():
            if loop.one == name and certain:
                self.printed.add(loop.many)
        found = self._known(tag, name, attribute)
        if found is None:
            return
        if found.type == "list":
            say = f"“{found.name}”有若干项，请写成“{{% for one in {name} %}}{{{{ one }}}}{{% endfor %}}”。"
            self.issues.append(issue("tag", say, name))
        elif "date" in filters and found.type != "day":
            self.issues.append(issue("tag", f"“{found.name}”（{name}）不是日期，请去掉“|date”。", name))
        elif certain:
            self.printed.add(name)

    def _if(self, tag: str, word: str, terms: str, whole: bool, place: object) -> None:
        for name, attribute in re.findall(rf"({_NAME})(?:\.({_NAME}))?", terms):
            if name not in ("and", "or", "not"):
                self._known(tag, name, attribute)
        if word == "if":
            alone = terms if re.fullmatch(_NAME, terms) else ""
            self._stack.append(_Open("if", whole, place, tag, alone))
        else:
            self._end(tag, word, whole, place)

    def _for(self, made: _Open) -> None:
        if any(self._loops()):
            self.issues.append(issue("tag", f"标记“{made.tag}”在另一个“for”之内，请改成先后两个。"))
        if made.one in fields() or made.one in _WORDS:
            self.issues.append(issue("tag", f"标记“{made.tag}”中的“{made.one}”与字段同名，请改用“one”。"))
        found = self._known(made.tag, made.many, "")
        if found is not None and found.type != "list":
            self.issues.append(issue("tag", f"“{found.name}”（{made.many}）只有一项，请写成“{{{{ {made.many} }}}}”。"))
        self._stack.append(made)

    def _end(self, tag: str, word: str, whole: bool, place: object) -> None:
        wanted = "for" if word == "endfor" else "if"
        top = self._stack[-1] if self._stack else None
        if top is None or top.word != wanted:
            self.issues.append(issue("syntax", f"标记“{tag}”没有对应的“{wanted}”，请补上或者删去。"))
            return
        if top.whole != whole or top.place is not place:
            self.issues.append(
                issue("syntax", f"标记“{tag}”与“{top.tag}”须同为“{{%p … %}}”或者同在一段，且在同一单元格内，请改正。")
            )
        top.one = top.one if word == "endfor" else ""
        if word in ("endif", "endfor"):
            self._stack.pop()


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:40] + "…"


def _paragraphs(root: etree._Element) -> Iterator[tuple[etree._Element, str]]:
    """Paragraphs with their text, in the order of the file; one that another interrupts is given in pieces.

    In pieces because what stands between is between for Jinja too: a tag must not be put together around it.
    """
    at: etree._Element | None = None
    held: list[str] = []
    for one in root.iter(f"{W}t"):
        mine = next(one.iterancestors(f"{W}p"), root)
        if mine is not at:
            if at is not None:
                yield at, "".join(held)
            at, held = mine, []
        held.append(one.text or "")
    if at is not None:
        yield at, "".join(held)
