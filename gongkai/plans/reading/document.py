"""What stands around the tasks: title, issuer, year, date of issue, documents cited."""

from __future__ import annotations

import itertools
import re
from collections import Counter

from gongkai.papers.grid import CellKind, Paper, Para, Table
from gongkai.plans.reading.columns import is_header_word
from gongkai.plans.reading.items import flat
from gongkai.plans.reading.numbering import mark_of

_REF = re.compile(
    r"(?:(?<=[（(])[\u4e00-\u9fa5]{1,10}\n)?[\u4e00-\u9fa5]{2,14}\s*[〔\[［（(【]\s*\d{4}\s*[〕\]］）)】]\s*第?\s*\d+\s*号"
)
# Words before a number that are none of it: “对照云泽政办发〔2024〕8号”.
_LEAD_IN = re.compile(
    r"^[\u4e00-\u9fa5]*(?:对照|对应|根据|按照|依据|落实|贯彻|参照|执行|转发|印发|年底前|下发|附件|详见|关于)(?=[\u4e00-\u9fa5]{2,})"
)
_TITLE = re.compile(r"《([^《》]{2,80}(?:《[^《》]*》[^《》]*)*)》")
_PLAN_WORDS = re.compile(
    r"分工|要点|方案|任务|清单|台账|计划|措施|安排|分解|意见|办法|规划|一览表|事项表|责任表|若干|实事|举措|工程|行动"
)
_NOTICE = re.compile(r"^关于印发|的通知$|^印发")
_DATE = re.compile(r"(20\d{2})\s*年\s*(1[0-2]|0?[1-9])\s*月\s*(3[01]|[12]\d|0?[1-9])\s*日")
_ISSUED = re.compile(r"(?P<by>[\u4e00-\u9fff（）]{4,40}?)\s*" + _DATE.pattern + r"\s*印发")
_BODY_END = re.compile(
    r"(?:人民政府|委员会|办公室|办公厅|局|厅|委|管委会|管理委员会|街道办事处|街道|领导小组|专班|党委|指挥部|办|医院|学院|大学|学校|中心)$"
)
# What web pages and tables print beside the text: 发布机构：…　成文日期：2025-05-30.
_ISSUER_LABEL = re.compile(
    r"(?:发布机构|发文机关|发文单位|印发单位|制表单位|填报单位|制定单位)[：:]\s*([\u4e00-\u9fff（）]{4,40})"
)
_DATE_LABEL = re.compile(r"(?:成文日期|印发日期|发文日期|制表日期)[：:]\s*(20\d{2})[-.年/](\d{1,2})[-.月/](\d{1,2})日?")


def all_text(paper: Paper) -> str:
    """All printed text of a paper, block after block."""
    lines = []
    for block in paper.blocks:
        if isinstance(block, Para):
            lines.append(block.text)
        else:
            lines += [c.text for r in block.rows for c in r if c.kind is CellKind.PRINTED]
    return "\n".join(lines)


def doc_refs(text: str) -> list[str]:
    """Document numbers cited, each once, without blanks, in order: 国办公开办函〔2019〕60号."""
    out: list[str] = []
    for match in _REF.finditer(text):
        plain = re.sub(r"\s+", "", match.group())
        plain = re.sub(r"[\[［（(【]", "〔", plain)
        plain = re.sub(r"[\]］）)】](?=第?\d+号)", "〕", plain)
        plain = _LEAD_IN.sub("", plain)
        plain = re.sub(r"^(?:根据|按照|落实|依据|贯彻|以及|和|与|及|的|见|附件|参照|文件)+", "", plain)
        if plain not in out:
            out.append(plain)
    return out


def cited_titles(text: str) -> list[str]:
    """Titles in 《》, each once, without blanks, in order of first mention."""
    out: list[str] = []
    for match in _TITLE.finditer(text):
        plain = re.sub(r"\s+", "", match.group(1))
        if plain not in out:
            out.append(plain)
    return out


def _squeeze(text: str) -> str:
    return re.sub(r"\s+", "", flat(text))


def find_title(paper: Paper) -> str | None:
    """The plan's own title: the last title-like line before the first task, or the first row of the table."""
    candidates: list[tuple[int, str]] = []
    paras: list[str] = []
    for block in paper.blocks:
        if isinstance(block, Table):
            candidates += [(2, t) for t in _table_titles(block)]
            if not candidates and paras:
                continue
            break
        if len(paras) > 60:
            break
        text = _squeeze(block.text)
        if block.level == 9:
            continue
        above = paras[-1] if paras else ""
        paras.append(text)
        if is_title(text):
            if re.match(rf"20\d{{2}}年(?!{re.escape(above[:2])})", text) and _is_body(above):
                text = above + text  # the body's name on a line of its own
            weight = 3 if not _NOTICE.search(text) else 1
            candidates.append((weight + (1 if block.level == 1 else 0), text))
    if not candidates:
        return _two_lines(paras)
    strong = [t for w, t in candidates if w >= 2]
    if strong:
        return strong[-1]
    return _inner_title(candidates[-1][1])


def _inner_title(text: str) -> str:
    """关于印发《…》的通知 → what was issued; other titles as they are."""
    match = re.search(r"印发《(.+)》的通知", text) or re.search(r"关于印发(.+?)的通知$", text)
    return match.group(1) if match else text


def _two_lines(paras: list[str]) -> str | None:
    for a, b in itertools.pairwise(paras):
        if (
            len(a) <= 30
            and len(b) <= 30
            and not re.search(r"[。；，：:]", a + b)
            and is_title(a + b)
            and mark_of(a) is None
        ):
            return a + b
    return None


def _table_titles(table: Table) -> list[str]:
    out = []
    for row in table.rows[:3]:
        printed = [c for c in row if c.kind is CellKind.PRINTED and c.text.strip()]
        if len(printed) == 1 and is_title(_squeeze(printed[0].text)):
            out.append(_squeeze(printed[0].text))
        elif sum(1 for c in printed if is_header_word(c.text)) >= 2:
            break
    return out


def is_title(text: str) -> bool:
    """True for a line (without blanks) that reads as the title of a plan or of the notice that issues it."""
    return (
        6 <= len(text) <= 70
        and _PLAN_WORDS.search(text) is not None
        and not re.search(r"[。；！]|[，：:](?!.*[》])", text.replace("（征求意见稿）", ""))
        and mark_of(text) is None
        and not re.fullmatch(r"[（(]?(?:内部)?(?:征求意见|讨论|送审|审议|修改|报批)稿?(?:意见)?稿?[）)]?", text)
        and not re.match(
            r"^(?:附件?\d*|附\d|（|注|备注|为|根据|按照|现将|请|各|工作任务|序号|政策|来源|当前位置|返回|下一篇|上一篇|相关)",
            text,
        )
        and re.search(
            r"(?:方案|要点|分工|任务|清单|台账|计划|措施|安排|分解表|表|意见|办法|规划|通知|分解|实事|举措|明细|细则|行动|工程|一览|责任书|（[^）]*）|\([^)]*\)|版|稿)$",
            text,
        )
        is not None
    )


def find_issue(paper: Paper) -> tuple[str | None, str | None]:
    """(issuer, date of issue as YYYY-MM-DD): the 印发 line, else the sign-off, else a letterhead."""
    paras = [b for b in paper.blocks if isinstance(b, Para)]
    cells = [
        c.text
        for b in paper.blocks
        if isinstance(b, Table)
        for r in b.rows[-3:]
        for c in r
        if c.kind is CellKind.PRINTED
    ]
    lines = [p.text.strip() for p in paras] + [t.strip() for t in cells]
    for line in reversed(lines):
        match = _ISSUED.search(line)
        if match:
            return match["by"].strip(), _iso(match)
    for above, line in itertools.pairwise(lines):
        match = re.fullmatch(_DATE.pattern + r"印发", re.sub(r"\s+", "", line))
        if match and _is_body(_squeeze(above)):
            return _squeeze(above), _iso(match)
    for above, line in itertools.pairwise(lines):
        match = _DATE.fullmatch(re.sub(r"\s+", "", line).replace("(", "（"))
        if match and _is_body(_squeeze(above)):
            return _squeeze(above), _iso(match)
    for line in lines[-6:]:
        match = re.fullmatch(r"([\u4e00-\u9fff（）]{4,40}?)\s+" + _DATE.pattern, line)
        if match and _BODY_END.search(match.group(1)):
            return match.group(1), _iso(match)
    top = [t for b in paper.blocks[:8] for t in _printed(b)]
    named = next((m.group(1) for m in map(_ISSUER_LABEL.search, top) if m), None)
    alone = [p.text.strip() for p in paras]  # a date in a cell is a deadline
    date = next((_iso(m) for m in (_DATE.fullmatch(re.sub(r"\s+", "", x)) for x in alone) if m), None)
    date = date or next((_iso(m) for m in map(_DATE_LABEL.search, top) if m), None)
    return named or _letterhead(paras), date


def _is_body(name: str) -> bool:
    return 4 <= len(name) <= 40 and _BODY_END.search(name) is not None and not re.search(r"[，。：；]", name)


def _printed(block: Para | Table) -> list[str]:
    if isinstance(block, Para):
        return [block.text]
    if block.rows and all(len(c.text) < 60 for r in block.rows[:4] for c in r):
        # The table of index that stands above a document on a page: its words and what they say in cells side by side.
        pairs = [(a.text, b.text) for r in block.rows[:4] for a, b in itertools.pairwise(r)]
        told = [f"{a.strip('：: ')}：{b}" for a, b in pairs if a.strip() and b.strip()]
    else:
        told = []
    return told + [c.text for r in block.rows[:4] for c in r if c.kind is CellKind.PRINTED]


def _letterhead(paras: list[Para]) -> str | None:
    """A body's name set alone, spaced out, at the top."""
    for para in paras[:4]:
        text = para.text.strip()
        name = re.sub(r"\s+", "", text)
        name = re.sub(r"文件$", "", name)
        spaced = re.fullmatch(r"(?:\S\s+){3,}\S", text) is not None
        if (
            4 <= len(name) <= 30
            and _BODY_END.search(name)
            and (spaced or para.level == 1 or text.endswith("文件"))
            and not is_title(name)
        ):
            return name
    return None


def _iso(match: re.Match[str]) -> str:
    year, month, day = match.groups()[-3:]
    return f"{year}-{int(month):02d}-{int(day):02d}"


def issuer_in_title(title: str | None) -> str | None:
    """The body that a title begins with: 东区街道2022年… → 东区街道; None when it begins with a place only."""
    if not title:
        return None
    match = re.match(
        r"^([\u4e00-\u9fff]{2,20}?(?:局|委员会|办公室|街道办事处|街道|镇人民政府|人民政府|管委会|委|厅|镇|乡))(?=20\d{2}年|贯彻|关于|政务公开)",
        title,
    )
    return match.group(1) if match else None


def find_year(title: str | None, issued_on: str | None, text: str) -> tuple[int | None, bool]:
    """(year of the plan, whether it was inferred): from the title, the date of issue, else the year most named."""
    if title:
        match = (
            re.search(r"(20\d{2})\s*年(?!代)", title)
            or re.search(r"(20\d{2})\s*[-—–~～至]", title)
            or re.search(r"(20\d{2})", title)
        )
        if match:
            return int(match.group(1)), False
    if issued_on:
        return int(issued_on[:4]), True
    named = Counter(int(y) for y in re.findall(r"(20\d{2})\s*年(?:\d|年?底|前|政务|度|重点|工作)", text))
    due = [
        int(y) for y in re.findall(r"(20\d{2})\s*年\s*(?:底|末|\d{1,2}\s*月(?:底|\s*\d{1,2}\s*日)?)?\s*(?:以)?前", text)
    ]
    if due:
        return Counter(due).most_common(1)[0][0], True
    if named:
        best = max(named.values())
        return max(y for y, n in named.items() if n == best), True
    refs = [int(y) for y in re.findall(r"〔(20\d{2})〕", text)]
    return (max(refs), True) if refs else (None, True)
