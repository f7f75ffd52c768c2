"""Who leads and who supports: the grammar of responsibility cells and brackets.

Who leads: units before 牵头 or 统筹; all others named with them support, whatever their verb. With no 牵头 at all,
all lead, except that “A负责，B配合” makes A lead and B support.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from gongkai.plans.reading.deadlines import Deadline, column_deadlines, find_deadlines, looks_like_deadline
from gongkai.plans.reading.lists import split_names
from gongkai.plans.reading.masks import Mask, is_ditto, is_nothing, unwrap_bracket
from gongkai.plans.reading.numbering import HEADING_KINDS, mark_of
from gongkai.plans.reading.units import PERSON, Known, is_person, is_unit

LABEL = re.compile(
    r"(?P<word>(?:第一)?(?:主要)?(?:责任|牵头|配合|主办|协办|参与|参加|协同|承办|落实|主责|联合|支持|指导|实施|协助|共同|会办|组织|承担|完成|统筹|分管|包保|联系|监督|办理|督导|负责)"
    r"(?:责任|实施|落实|配合|负责|及责任|、责任|和责任|/责任)?"
    r"(?P<what>单位|部门|科室|股室|处室|站所|站办所|办所|股所|部室|科（室）|处（室）|科\(室\)|机构|主体|领导|人员|人|分工|时限|时间|期限)(?:及(?:责任|分工|联系)人?)?"
    r"|责任分工|分工|牵头|配合|主责|责任|主办|协办|时限要求|时间要求|时间节点|时限|期限|完成日期|联系电话|电话)\s*[：:]\s*"
)
_LEAD_LABEL = re.compile(r"牵头|主办|主责|第一责任|统筹")
_SUPPORT_LABEL = re.compile(r"配合|协办|参与|参加|协同|支持|联合|指导|协助|会办|共同|监督")
_PERSON_LABEL = re.compile(r"领导|人员|人[：:]|责任人|联系人|电话|联系")
_TIME_LABEL = re.compile(r"时限|时间|期限|日期")

_AFTER = r"(?=[\s，,、；;。.）)〕】]|$|各|由|并|及|和|县|市|区|省|镇|相关|有关|其他|会同|按|具体|共同)"
VERB = re.compile(
    r"(?P<lead>(?:分别|共同|联合|具体|统一|负责|总|分项|全面)?牵头(?!单位|部门|科室|人|领导|机构)(?:负责|组织实施|组织|落实|推进|协调|抓总|实施|做好|开展|办理|承办|抓落实)?(?:落实|实施)?|统筹(?:负责|协调|推进|牵头|抓总|落实|实施)?"
    + _AFTER
    + r"|主办"
    + _AFTER
    + r"|抓总|(?:全面)?负总责|总负责|为主(?=[，,；;。）)\s]|$))"
    r"|(?P<support>(?:积极|协同|密切|共同|联合|协助|分别)?配合(?:落实|实施|做好|推进|办理|完成|抓好落实)?|(?<!政)协办"
    + _AFTER
    + r"|协助(?:配合|落实|实施|做好)?"
    + _AFTER
    + r"|参与(?:配合|落实)?"
    + _AFTER
    + r"|参加"
    + _AFTER
    + r"|协同(?:落实|推进|实施)?"
    + _AFTER
    + r"|(?:负责)?(?:业务|监督|督促|协调|具体|加强)?指导(?:监督|落实|督促)?"
    + _AFTER
    + r"|支持"
    + _AFTER
    + r"|(?:经费|资金)?(?<!社会)(?<!医疗)(?<!劳动)保障(?=[，,；;。）)\s]|$)"
    + r")"
    r"|(?P<all>(?:均|并|要|应|须|需)?(?:按照?|根据|依据|依照|结合)(?:各自|本部门|其|部门|法定|工作)?(?:工作|部门|法定)?(?:职责|职能|权限|任务)(?:任务)?(?:范围|权限)?(?:和?分工|范围)?(?:内|要求)?(?:分别|共同|抓好|做好|组织|具体|分头)?(?:落实|负责|配合|实施|推进|承担|办理|参与)?(?:落实|实施|推进)?"
    r"|(?:分别|分工|具体|共同|组织|各自|分头|主要|全面|联合)?(?:负责)(?:落实|实施|组织实施|推进|组织|牵头|办理|具体落实|抓好落实)?|(?:分工|共同|具体|分别|组织|抓好|联合|协同|各自)(?:落实|实施|推进|承办|承担)|(?:落实|承办|实施|办理)"
    + _AFTER
    + r"|各负其责)"
)
# “列第一位的为牵头单位，下同”: a rule about the list, and no name in it.
_FIRST_LEADS_NOTE = re.compile(
    r"[，；,;。、]?\s*(?:以下|具体任务|其他任务|各项任务|上述)[^；;。]*?均[^；;。]*?不再[^；;。，,）)]*|[，；,;。]?\s*(?:以上)?(?:除[^，；。）)]*外[，,])?(?:责任单位|单位)?(?:中)?[，,]?(?:列|排)(?:在|名)?(?:第一|首)[^，；。）)]*(?:[，,]\s*下同)?|[，；,]\s*下同"
)


_BRACKET_AT_END = re.compile(r"\s*[（(]([^（()）]*\d[^（()）]*)[）)][。；;\s]*$")


MARKS = "★☆*＊▲△●◆◎※#"


@dataclass(slots=True)
class Responsibility:
    """Who owes a task: leads, supports and persons as printed, in order, with what was unsure about them."""

    lead: list[str] = field(default_factory=list)
    support: list[str] = field(default_factory=list)
    persons: list[str] = field(default_factory=list)
    deadlines: list[Deadline] = field(default_factory=list)
    deadline_raw: str | None = None
    doubts: list[str] = field(default_factory=list)
    stated_lead: bool = False
    marked: dict[str, str] = field(default_factory=dict)
    """Names with a sign beside them, ★ or *, and the sign: a note of the plan says what it means."""

    def __bool__(self) -> bool:
        return bool(self.lead or self.support or self.persons)


# -- the grammar -----------------------------------------------------------------------------------------


def parse(text: str, known: Known | None = None, *, wrapped: bool = False, year: int | None = None) -> Responsibility:
    """Read a responsibility cell or bracket: labels (牵头单位：A；配合单位：B) or verbs (A牵头，B配合).

    `known` settles broken names; `year` is for a deadline named in the same bracket.
    """
    known = known or Known()
    text = _FIRST_LEADS_NOTE.sub("", unwrap_bracket(text))
    result = Responsibility()
    if is_nothing(text):
        return result
    dated = _BRACKET_AT_END.search(text)
    if dated is not None and looks_like_deadline(dated[1]):
        # “A牵头，B配合（6月底前）”
        text = text[: dated.start()]
        result.deadline_raw = dated[1].strip()
        result.deadlines += column_deadlines(result.deadline_raw, year)
    mask = Mask(text)
    labels = list(LABEL.finditer(mask.text))
    if labels:
        _labelled(mask, labels, known, wrapped, year, result)
    else:
        _verbal(mask, mask.text, known, wrapped, result)
    _sort_out_persons(result, year, wrapped=wrapped)
    return result


def _labelled(
    mask: Mask,
    labels: list[re.Match[str]],
    known: Known,
    wrapped: bool,
    year: int | None,
    result: Responsibility,
) -> None:
    groups: dict[str, list[str]] = {"lead": [], "support": [], "resp": []}
    head = mask.text[: labels[0].start()].strip("，,；;。、 \n")
    if head:
        part = Responsibility()
        _verbal(mask, head, known, wrapped, part)
        groups["resp"] += part.lead
        groups["support"] += part.support
    for label, following in zip(labels, [*labels[1:], None], strict=True):
        body = mask.text[label.end() : following.start() if following else len(mask.text)].strip("，,；;。、 \n")
        word = label["word"]
        if _TIME_LABEL.search(word):
            raw = mask.open(body).strip()
            if raw:
                result.deadline_raw = raw
                result.deadlines += column_deadlines(raw, year)
            continue
        if _PERSON_LABEL.search(word + ("：" if word.endswith("人") else "")):
            result.persons += [n for n in split_names(body, known, mask=mask) if not re.search(r"\d", n)]
            continue
        part = Responsibility()
        _verbal(mask, body, known, wrapped, part)
        if _LEAD_LABEL.search(word) and not re.search(r"牵头.*(?:配合|责任)", word):
            result.stated_lead = True
            groups["lead"] += part.lead
            groups["support"] += part.support
        elif _SUPPORT_LABEL.search(word):
            groups["support"] += part.lead + part.support
        elif part.support or part.stated_lead:
            result.stated_lead |= part.stated_lead
            groups["lead"] += part.lead
            groups["support"] += part.support
        else:
            groups["resp"] += part.lead
        result.persons += part.persons
    _settle(groups, result)


def _settle(groups: dict[str, list[str]], result: Responsibility) -> None:
    if groups["lead"]:
        lead, support = groups["lead"], groups["resp"] + groups["support"]
    elif groups["resp"]:
        lead, support = groups["resp"], groups["support"]
    else:
        lead, support = groups["support"], []
    result.lead = _unique(lead)
    result.support = _unique(support)


def _unique(names: list[str]) -> list[str]:
    return list(dict.fromkeys(names))


_AND_SO_ON = re.compile(r"等\s*$")


def _verbal(mask: Mask, text: str, known: Known, wrapped: bool, result: Responsibility) -> None:
    spans: list[tuple[str, str]] = []
    at = 0
    for match in VERB.finditer(text):
        before = text[at : match.start()]
        if match.group("all") is not None and not before.strip("，,；;。、 \n") and spans:
            # A verb that repeats the one before it (牵头，负责…) takes no new units.
            at = match.end()
            continue
        kind = "lead" if match["lead"] else "support" if match["support"] else "all"
        # “A、B等负责”: 等 before a verb closes the list; at the end of a cell it stands as printed.
        spans.append((_AND_SO_ON.sub("", before), kind))
        at = match.end()
    tail = text[at:]
    if tail.strip("，,；;。、：: \n"):
        spans.append((tail, "none"))
    has_lead = any(kind == "lead" and _names(before, known, wrapped, mask) for before, kind in spans)
    groups: dict[str, list[str]] = {"lead": [], "support": [], "resp": []}
    for before, kind in spans:
        own, along = before, ""
        # “A会同B负责”: who is asked along supports the one who leads, if somebody leads.
        parted = re.split(r"会同|商(?=[市县区省各])|(?<=[处科室局股])会(?=[^计展议员籍]{2})", before, maxsplit=1)
        if len(parted) == 2:
            own, along = parted
        names = _names(own, known, wrapped, mask)
        others = _names(along, known, wrapped, mask) if along else []
        if kind == "lead":
            # “A会同B牵头”: both stand before 牵头.
            names, others = names + others, []
        target = {"lead": "lead", "support": "support", "all": "resp", "none": "resp"}[kind]
        groups[target] += names
        groups["support" if has_lead else target] += others
    if has_lead:
        result.stated_lead = True
    _settle(groups, result)


def _names(text: str, known: Known, wrapped: bool, mask: Mask) -> list[str]:
    return split_names(text.strip("，,；;。、：: \n"), known, wrapped=wrapped, mask=mask)


_WHEN = re.compile(
    r"^(?:每(?:年|半年|季度?|月|周|日|天)|按(?:月|季度?|年|周|上级|时序|规定|要求|序时)|立行立改|即知即改|及?时|实时|适时|随时|即时|同步|常态|动态|根据.{0,12}(?:安排|部署|要求)|已完成)"
)


_NO_NAME = re.compile(r"(?:以上|上述|其余|其他|各)?(?:各项|所有|几项)?(?:重点)?(?:工作|任务|事项)(?:任务)?")


def _sort_out_persons(result: Responsibility, year: int | None, *, wrapped: bool = False) -> None:
    beside_a_unit = not wrapped and any(is_unit(n) for n in result.lead + result.support)
    for role in ("lead", "support"):
        kept: list[str] = []
        for name in getattr(result, role):
            bare = name.strip(MARKS + " ")
            if bare != name and is_unit(bare):
                result.marked[bare] = next(c for c in name if c in MARKS)
                name = bare
            match = PERSON.match(name)
            if _NO_NAME.fullmatch(name):
                continue
            if match and name.endswith("同志"):
                result.persons.append(match.group(1))
            elif not is_unit(name) and (looks_like_deadline(name) or find_deadlines(name, year) or _WHEN.match(name)):
                # “…配合；2026年9月底前完成”: a deadline in the same bracket.
                result.deadline_raw = result.deadline_raw or name
                result.deadlines += column_deadlines(name, year)
            elif beside_a_unit and is_person(name):
                result.persons.append(name)
            else:
                kept.append(name)
                if not is_unit(name):
                    result.doubts.append(name)
        setattr(result, role, kept)
    result.persons = _unique(result.persons)


@lru_cache(maxsize=16384)
def looks_like_units(text: str) -> float:
    """How much of `text` (0 to 1) reads as a list of units with the verbs of responsibility."""
    text = unwrap_bracket(text)
    if is_nothing(text) or is_ditto(text):
        return 0.0
    if (mark := mark_of(text)) is not None and mark.kind in HEADING_KINDS:
        return 0.0  # a heading, whatever it ends in
    if len(text) > 400 or (
        re.search(r"[。；;：:“”《》].{12,}", text) and not LABEL.search(text) and not VERB.search(text)
    ):
        return 0.0
    result = parse(text)
    names = result.lead + result.support
    if not names and not result.persons:
        return 0.0
    good = sum(len(n) for n in names if is_unit(n)) + sum(len(p) for p in result.persons)
    total = sum(len(n) for n in names) + sum(len(p) for p in result.persons)
    verbs = bool(VERB.search(text)) or bool(LABEL.search(text))
    worst = max((len(n) for n in names if not is_unit(n)), default=0)
    if worst > 14:
        return 0.0
    score = good / max(total, 1)
    return min(1.0, score + (0.2 if verbs and score > 0.3 else 0.0))


def is_person_list(text: str) -> bool:
    """True for a cell that names persons only."""
    names = [n for n in re.split(r"[、，,；;\s]+", text.strip()) if n]
    return bool(names) and all(is_person(n) or PERSON.match(n) for n in names)
