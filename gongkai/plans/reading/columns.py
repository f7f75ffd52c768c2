"""What each column of a plan's table is for: told from the words of its header and from what stands in it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from statistics import mean

from gongkai.plans.reading.deadlines import looks_like_deadline
from gongkai.plans.reading.masks import is_ditto, is_nothing
from gongkai.plans.reading.numbering import HEADING_KINDS, is_ordinal, mark_of
from gongkai.plans.reading.responsibility import is_person_list, looks_like_units

# Order matters: the first pattern that fits a header decides.
_HEADERS: tuple[tuple[str, str], ...] = (
    ("seq", r"^(?:序号|序|编号|项次|条目|项目编号|任务序号|任务编号|NO\.?|№|号)$"),
    ("remark", r"备注|附注|^说明$"),
    ("lead", r"牵头(?:单位|部门|科室)(?:及|和|与|、)(?:其)?(?:责任|负责|牵头)?(?:人|领导)"),
    ("resp", r"^(?:责任|承办|落实)?(?:单位|部门|科室)(?:及|和|与|、)(?:具体)?(?:责任|负责)人"),
    (
        "person",
        r"责任人$|负责人|责任领导|分管领导|牵头领导|包保领导|联系领导|挂钩领导|县级领导|市级领导|区级领导|领导$|联系人|具体人员|经办人|责任人员|主管领导|责任人及",
    ),
    ("contact", r"电话|联系方式|手机|邮箱|姓名|职务|签名|签字"),
    ("heading+", r"(?:指标|项目|任务|事项|工作|行动|工程)名称$"),
    ("content+", r"目标任务|任务目标|目标及任务|目标和任务"),
    ("heading+", r"^(?:存在|反馈|主要|整改|具体)?(?:的)?问题(?:清单|表现|描述)?$"),
    ("content+", r"措施|举措"),
    ("resp", r"(?:责任|分工|牵头|负责|单位|部门|科室).*[及和与、](?:完成|办结)?(?:时限|时间|期限)"),
    ("heading+", r"[一二]级指标$"),
    (
        "other",
        r"^(?:第?[一二三四1-4]季度|[上下]半年|20\d\d年?|1?\d月份?)$|(?:反馈|督办|督导|验收|交办|审核|监督|考核)(?:单位|部门|组)",
    ),
    (
        "other",
        r"完成情况|进展|落实情况|推进情况|工作情况|完成进度|成果|成效|佐证|依据|来源|目标|指标|考核|评分|分值|得分|标准|形式|载体|渠道|对象|范围|资金|投资|金额|任务来源|验收|打勾|状态|标识|下一步|困难|关键|亮点|交付",
    ),
    ("due", r"时限|时间|期限|节点|进度|日期|完成时段|时序"),
    (
        "resp",
        r"牵头.*(?:配合|责任|参与).*(?:单位|部门|科室)?$|责任分工|职责分工|^分工$|单位分工|(?:责任|牵头)单位及",
    ),
    ("lead", r"牵头|主办|主责|第一责任|主管单位|主管部门|组织单位|统筹单位"),
    ("support", r"配合|协办|协同|参与|协助|会办|参加|支持单位|联动"),
    (
        "resp",
        r"责任|承办|落实单位|落实部门|实施单位|执行单位|完成单位|负责单位|负责部门|负责科室|主体|承担|^(?:成员)?单位$|^部门$|^科室$|^股室$|办理单位",
    ),
    (
        "content+",
        r"具体(?:要求|任务|工作|措施|举措|内容|事项|安排)|(?:工作|任务|主要|重点|公开|建设|推进|改革)(?:内容|措施|举措|要求)|主要(?:任务|工作)|贯彻举措|实施路径|落实(?:措施|举措)|任务内容|任务要求|二级要点|任务描述|细化|举措|措施|内容|要求|路径|做法|清单内容|任务分解",
    ),
    ("heading+", r"类别|分类|类型|领域|方向|一级|板块|专项|大类|条线|工程|行动|环节|维度|模块|重点方向|方面"),
    ("task", r"任务|工作|事项|要点|重点|项目|名称|二级|三级"),
)
_WORDS = [(role, re.compile(pattern, re.I)) for role, pattern in _HEADERS]


def header_role(text: str) -> str | None:
    """The role a header word stands for, None for a text that is no header word."""
    return _header_role(text) if len(text) <= 80 else None


@lru_cache(maxsize=2048)
def _header_role(text: str) -> str | None:
    plain = re.sub(r"[\s\u3000:：]+", "", text)
    if not plain or len(plain) > 24 or re.search(r"[。；;]", plain):
        return None
    core = re.sub(r"[（(].*?[）)]", "", plain) or plain
    if len(core) > 16:
        return None
    for role, pattern in _WORDS:
        if pattern.search(core):
            return role
    return None


_STRICT = re.compile(
    r"序号|职责|编号|备注|责任|牵头|配合|协办|主办|承办|时限|时间|期限|节点|(?:工作|重点|主要|具体|任务|目标|年度)(?:任务|要求|内容|举措|措施|事项|工作|目标|要点)|任务|举措|措施|类别|领域|要点|事项|单位|部门|科室|进度|领导|完成|名称|分工|成果|项目|内容|要求|路径|方向|来源|电话|姓名|职务|情况|目标|指标|工程|行动|环节|成效|依据|板块|专项"
)


def is_header_word(text: str) -> bool:
    """True for a short text that reads as the head of a column."""
    plain = re.sub(r"\s+", "", text)
    return (
        0 < len(plain) <= 20
        and header_role(plain) is not None
        and _STRICT.search(plain) is not None
        and mark_of(plain) is None
        and not re.search(r"[，。；]", plain)
    )


@dataclass(slots=True)
class Features:
    """What stands in a column, as shares of its printed cells."""

    printed: int = 0
    length: float = 0.0
    units: float = 0.0
    due: float = 0.0
    ordinal: float = 0.0
    items: float = 0.0
    headings: float = 0.0
    persons: float = 0.0
    sentences: float = 0.0


def features(texts: list[str]) -> Features:
    """Measure the printed cells of a column."""
    own = [t for t in texts if t.strip()]
    if not own:
        return Features()
    said = [t for t in own if not is_nothing(t) and not is_ditto(t)]
    base = max(len(said), 1)
    marks = [mark_of(t.strip()) for t in said]
    return Features(
        printed=len(own),
        length=mean(len(t) for t in said) if said else 1.0,
        units=sum(1 for t in said if looks_like_units(t) >= 0.6) / base,
        due=sum(1 for t in said if looks_like_deadline(t)) / base,
        ordinal=sum(1 for t in said if is_ordinal(t)) / base,
        items=sum(1 for m in marks if m is not None and m.kind not in HEADING_KINDS) / base,
        headings=sum(1 for m in marks if m is not None and m.kind in HEADING_KINDS) / base,
        persons=sum(1 for t in said if is_person_list(t)) / base,
        sentences=sum(1 for t in said if re.search(r"[。；]", t)) / base,
    )


@dataclass(slots=True)
class Roles:
    """Column numbers by role. `path` are the headings, outermost first."""

    width: int
    content: int
    seq: int | None = None
    path: list[int] = field(default_factory=list)
    lead: list[int] = field(default_factory=list)
    support: list[int] = field(default_factory=list)
    resp: list[int] = field(default_factory=list)
    due: list[int] = field(default_factory=list)
    persons: list[int] = field(default_factory=list)
    both: list[int] = field(default_factory=list)
    """Of the columns of units, those whose head says that a person is named with each (单位及责任人)."""
    confidence: float = 1.0

    @property
    def responsibility(self) -> list[int]:
        """All columns that name units, from left to right."""
        return sorted(self.lead + self.support + self.resp)


def find_roles(headers: list[str], columns: list[list[str]], misaligned: bool = False) -> Roles | None:
    """Roles of the columns; None when no column holds tasks.

    `headers` is the head of each column (empty where there is none), `columns` the texts printed below it.
    `misaligned` says that the header has fewer cells than the table: then only what stands in the columns tells.
    """
    width = len(columns)
    measured = [features(c) for c in columns]
    said: list[str | None] = [None if misaligned else header_role(h) for h in headers]
    named = any(r in ("lead", "support", "resp") for r in said)
    # Beside a column that says who owes, one of units under a word of its own says something else (反馈单位, 公开渠道).
    roles: list[str] = [
        _role(said[i], measured[i], closed=named and said[i] in (None, "other") and bool(headers[i].strip()))
        for i in range(width)
    ]
    content = _content(roles, said, measured)
    if content is None:
        return None
    found = Roles(width, content)
    ordinals = [i for i in range(width) if roles[i] == "seq"]
    found.seq = ordinals[-1] if ordinals and ordinals[-1] < content else (ordinals[0] if ordinals else None)
    found.both = [
        i
        for i, h in enumerate(headers)
        if re.search(r"(?:单位|部门|科室|主体).{0,4}(?:人|领导)$", re.sub(r"\s", "", h))
    ]
    found.due = [i for i in range(width) if roles[i] == "due"]
    found.persons = [i for i in range(width) if roles[i] == "person"]
    units = [i for i in range(width) if roles[i] in ("lead", "support", "resp")]
    labels = [header_role(h) for h in headers if header_role(h) in ("lead", "support", "resp")]
    for at, i in enumerate(units):
        role = roles[i]
        if (misaligned or said[i] is None) and len(labels) == len(units):
            role = labels[at] or role
        {"lead": found.lead, "support": found.support, "resp": found.resp}[role].append(i)
    if misaligned and len(units) == 2 and not found.lead:
        found.lead, found.resp = [units[0]], [units[1]]
    found.path = [
        i
        for i in range(content)
        if roles[i] == "text" and measured[i].printed and (said[i] != "other" or measured[i].headings >= 0.6)
    ]
    if misaligned:
        found.confidence = 0.8
    return found


def _role(said: str | None, f: Features, *, closed: bool = False) -> str:
    """The role of one column, `text` for heading or content."""
    if said == "seq" and (f.ordinal >= 0.3 or f.length < 8 or not f.printed):
        return "seq" if f.length < 8 or f.ordinal >= 0.5 else "text"
    if f.ordinal >= 0.9 and f.length < 6:
        return "seq"
    if f.ordinal >= 0.7 and f.length < 6 and said in (None, "seq", "task", "heading+"):
        return "seq"
    if said in ("lead", "support", "resp"):
        if f.printed and f.units < 0.15 and f.persons < 0.5 and f.length > 30:
            return "text"
        if f.persons >= 0.6 and f.units < 0.3:
            return "person"
        return said
    if said == "due":
        return "due" if f.length < 40 else "other"
    if said in ("remark", "contact", "person"):
        if said == "person" and f.units >= 0.6 and f.persons < 0.2:
            return "resp"
        return said if said == "person" else "other"
    # Sentences under a word for tasks are tasks, though one may end like a unit (三处) or name a date.
    open_to = said in (None, "other") or (said == "task" and f.sentences < 0.5)
    if f.units >= 0.6 and f.length < 150 and f.items < 0.5 and open_to and not closed:
        return "resp"
    if f.due >= 0.6 and open_to:
        return "due"
    if f.persons >= 0.7 and said is None:
        return "person"
    if said == "other":
        return "text" if f.headings >= 0.6 else "other"
    return "text"


def _content(roles: list[str], said: list[str | None], measured: list[Features]) -> int | None:
    if not any(r == "text" and f.printed for r, f in zip(roles, measured, strict=True)):
        # A table of targets: the target itself is the task.
        for i, f in enumerate(measured):
            if roles[i] == "other" and said[i] == "other" and f.printed and f.length > 4:
                roles[i] = "text"
                break
    # A header that does not fit: sentences stand under “完成情况”, and only headings under the words for tasks.
    told = [i for i, r in enumerate(roles) if r == "text" and measured[i].printed]
    if all(measured[i].sentences < 0.2 and measured[i].items < 0.2 and measured[i].length < 25 for i in told):
        for i, f in enumerate(measured):
            if roles[i] == "other" and (f.items >= 0.5 or (f.sentences >= 0.6 and f.length >= 12)):
                roles[i] = "text"
                break
    best: tuple[float, int] | None = None
    for i, role in enumerate(roles):
        f = measured[i]
        if role != "text" or not f.printed:
            continue
        score = min(f.length, 120.0) + 40 * f.items + 25 * f.sentences - 30 * f.headings * (f.length < 60)
        score += {"content+": 30.0, "heading+": -30.0, "task": 0.0}.get(said[i] or "", 0.0)
        score += 2.0 * i
        if best is None or score > best[0]:
            best = (score, i)
    return best[1] if best else None
