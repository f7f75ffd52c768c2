"""The limits of the law as data: read once from `rules/*.toml`, found by code or by Chinese title."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from gongkai.law.errors import ClockError, shown

RULES = Path(__file__).parent / "rules"
UNITS = {"wd": "个工作日", "d": "日", "h": "小时", "m": "个月", "y": "年"}
KINDS = {
    "run": "自起算日计算",
    "proven_start": "依渠道确定起算日",
    "restart": "重新计算",
    "extend": "可以延长",
    "exclude": "扣除期间",
    "minimum": "最短期限",
    "fixed": "固定日期",
    "backward": "向前计算",
}
SETTING_NOTES = {
    "L": "本期限为可配置的默认值，未经核实：出自地方做法，不是全国统一规定",
    "S": "本期限为可配置的默认值，未经核实：出自转述，未核对原文",
    "M": "本期限为可配置的默认值，未经核实：未查到原文",
    "E": "本期限为可配置的默认值，未经核实：出自检查指标摘录",
}
# Facts that fix the day of receipt for each channel (《政府信息公开条例》第三十一条).
CHANNELS = {
    "in_person": ("submitted", "当面提交", "以提交之日为收到申请之日"),
    "mail_signed": ("signed", "邮寄（需签收）", "以行政机关签收之日为收到申请之日"),
    "mail_unsigned": (
        "confirmed",
        "平常信函等无需签收的邮寄",
        "应当于收到当日与申请人确认，以确认之日为收到申请之日",
    ),
    "internet": ("confirmed", "互联网渠道", "以双方确认之日为收到申请之日"),
    "fax": ("confirmed", "传真", "以双方确认之日为收到申请之日"),
}
CHANNEL_ALIASES = {
    "当面": "in_person",
    "当面提交": "in_person",
    "挂号": "mail_signed",
    "挂号信": "mail_signed",
    "快递": "mail_signed",
    "快递签收": "mail_signed",
    "挂号或快递签收": "mail_signed",
    "邮寄签收": "mail_signed",
    "平信": "mail_unsigned",
    "平常信函": "mail_unsigned",
    "互联网": "internet",
    "网上": "internet",
    "电子邮件": "internet",
    "传真": "fax",
}


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact that a rule takes: its name, Chinese label, type, and whether it is required or repeatable."""

    name: str
    label: str
    meaning: str
    type: str = "day"
    required: bool = False
    repeatable: bool = False

    def to_json(self) -> dict[str, Any]:
        """A dict ready for json.dumps."""
        return {
            "name": self.name,
            "label": self.label,
            "type": self.type,
            "required": self.required,
            "repeatable": self.repeatable,
            "meaning": self.meaning,
        }


@dataclass(frozen=True, slots=True)
class Restart:
    """A fact from which the same period runs anew; that day is not counted."""

    fact: str
    text: str
    citation: str
    setting: bool = False


@dataclass(frozen=True, slots=True)
class Extension:
    """How far a period may be extended, in the unit of the rule, and by whom."""

    max: int
    approver: str
    citation: str


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A consultation whose time is not counted; facts are `prefix`_asked, _served and _answered."""

    prefix: str
    name: str
    who: str
    amount: int
    on_silence: str
    citation: str
    asked: str
    served: str
    answered: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One limit in one version of the law.

    amount and unit (wd 工作日, d 日, h 小时, m 月, y 年) are absent for fixed dates.
    `setting` marks a default that is local or unverified; only those may be set otherwise.
    """

    code: str
    title: str
    kind: str
    citation: str
    src: str
    facts: tuple[Fact, ...]
    start: tuple[str, ...]
    start_text: str
    amount: int = 0
    unit: str = ""
    aliases: tuple[str, ...] = ()
    fact_aliases: Mapping[str, str] | None = None
    setting: bool = False
    proven_start: bool = False
    restarts: tuple[Restart, ...] = ()
    extension: Extension | None = None
    exclusions: tuple[Exclusion, ...] = ()
    replaced_by: str | None = None
    replaced_citation: str = ""
    month: int = 0
    day: int = 0
    first_year: int = 0
    in_force_from: dt.date | None = None
    in_force_to: dt.date | None = None
    in_force_unverified: bool = False
    on_lapse: str | None = None
    on_silence: str | None = None
    note: str | None = None

    @property
    def name(self) -> str:
        """“标题”（code), as errors name it."""
        return f"“{self.title}”（{self.code}）"

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of clock this rule uses, keys of KINDS."""
        found = [self.kind]
        found += ["proven_start"] if self.proven_start else []
        found += ["restart"] if self.restarts else []
        found += ["extend"] if self.extension else []
        found += ["exclude"] if self.exclusions else []
        return tuple(found)

    @property
    def amount_text(self) -> str:
        """20个工作日, 60日, 1月31日 …"""
        return f"{self.month}月{self.day}日" if self.kind == "fixed" else f"{self.amount}{UNITS[self.unit]}"

    def fact(self, name: str) -> Fact:
        """The fact of that name; KeyError when the rule does not take it."""
        for fact in self.facts:
            if fact.name == name:
                return fact
        raise KeyError(name)

    def to_json(self) -> dict[str, Any]:
        """A dict ready for json.dumps."""
        out: dict[str, Any] = {
            "code": self.code,
            "title": self.title,
            "kinds": list(self.kinds),
            "amount": self.amount_text,
            "from": self.start_text,
            "citation": self.citation,
            "src": self.src,
            "setting": self.setting,
            "facts": [fact.to_json() for fact in self.facts],
        }
        optional = {
            "in_force_from": self.in_force_from and self.in_force_from.isoformat(),
            "in_force_to": self.in_force_to and self.in_force_to.isoformat(),
            "on_lapse": self.on_lapse,
            "on_silence": self.on_silence,
            "note": self.note,
        }
        return out | {key: value for key, value in optional.items() if value}


@dataclass(frozen=True)
class RuleBook:
    """All limits, with every version of each, and the vocabulary of facts."""

    versions: dict[str, tuple[Rule, ...]]
    names: dict[str, str]  # any accepted name → code
    fact_names: dict[str, str]  # any accepted name of a fact → its name
    labels: dict[str, str]

    def find(self, name: str) -> tuple[Rule, ...]:
        """The versions of a rule, newest first. Raises ClockError that suggests near names."""
        code = self.names.get(name) or self.names.get(str(name).strip())
        if code is None:
            raise ClockError(f"没有名为“{shown(name)}”的期限规则；{self._near(str(name))}")
        return self.versions[code]

    def current(self) -> list[Rule]:
        """The newest version of each rule, in the order of the files."""
        return [versions[0] for versions in self.versions.values()]

    def _near(self, name: str) -> str:
        import difflib  # only a typing mistake needs it

        hits = difflib.get_close_matches(name, list(self.names), n=6, cutoff=0.5)
        hits += [n for n in self.names if name and name in n]
        codes = list(dict.fromkeys(self.names[hit] for hit in hits))[:3]
        if not codes:
            return "可用 gongkai due --list 查看全部规则。"
        return "是否指" + "、".join(self.versions[code][0].name for code in codes) + "？"


def load(folder: Path) -> RuleBook:
    """Read a folder of rule files; `facts.toml` there holds the vocabulary."""
    vocabulary = tomllib.loads((folder / "facts.toml").read_text("utf-8"))
    versions: dict[str, list[Rule]] = {}
    for path in sorted(folder.glob("*.toml")):
        if path.name == "facts.toml":
            continue
        for entry in tomllib.loads(path.read_text("utf-8"))["rule"]:
            rule = _rule(entry, vocabulary)
            versions.setdefault(rule.code, []).append(rule)
    oldest = dt.date.min
    ordered = {
        code: tuple(sorted(found, key=lambda r: r.in_force_from or oldest, reverse=True))
        for code, found in versions.items()
    }
    names = {n: code for code, found in ordered.items() for r in found for n in (code, r.title, *r.aliases)}
    fact_names: dict[str, str] = {}
    for fact, entry in vocabulary.items():
        for alias in (fact, entry["label"], *entry.get("aliases", ())):
            fact_names[alias] = fact
    labels = {fact: entry["label"] for fact, entry in vocabulary.items()}
    return RuleBook(ordered, names, fact_names, labels)


@lru_cache(maxsize=1)
def book() -> RuleBook:
    """The rules that travel with the package, read on first use."""
    return load(RULES)


def _exclusion(item: dict[str, Any]) -> Exclusion:
    prefix = item["prefix"]
    return Exclusion(**item, asked=f"{prefix}_asked", served=f"{prefix}_served", answered=f"{prefix}_answered")


def _rule(entry: dict[str, Any], vocabulary: dict[str, Any]) -> Rule:
    data = dict(entry)
    start = tuple(data.pop("start"))
    restarts = tuple(Restart(**item) for item in data.pop("restart", ()))
    extension = Extension(**data.pop("extension")) if "extension" in data else None
    exclusions = tuple(_exclusion(item) for item in data.pop("exclusion", ()))
    facts: list[Fact] = []

    def add(name: str, *, required: bool = False, repeatable: bool = False) -> None:
        known = vocabulary[name]
        facts.append(Fact(name, known["label"], known["meaning"], known.get("type", "day"), required, repeatable))

    proven = bool(data.get("proven_start"))
    for name in start:
        # With a channel, or with two possible starts, no single one of them must be there.
        add(name, required=len(start) == 1 and not proven)
    if proven:
        for name in ("channel", "submitted", "signed", "confirmed"):
            add(name)
    for restart in restarts:
        asked = {"correction_received": "correction_asked", "paid": "fee_notified"}[restart.fact]
        add(asked)
        add(restart.fact)
    for exclusion in exclusions:
        for name in (exclusion.asked, exclusion.served, exclusion.answered):
            add(name, repeatable=True)
    if extension:
        for name in ("extension_approved", "extension_notified", "extension_days"):
            add(name)
    if data.get("replaced_by"):
        add(data["replaced_by"])
    return Rule(
        start=start,
        start_text=data.pop("from"),
        facts=tuple(facts),
        restarts=restarts,
        extension=extension,
        exclusions=exclusions,
        aliases=tuple(data.pop("aliases", ())),
        **data,
    )
