"""Kinds of record, each a TOML file: fields, checks, gates, cadence, masks, audience, view. docs/kinds.md tells how.

The form, the checks, the public page, the tables for download and the duty all come from the file. A file that does
not hold is refused when the program starts, with its line and the reason.
"""

from __future__ import annotations

import os
import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal, NamedTuple

from gongkai.law.clocks import rules

FieldType = Literal["text", "rich", "date", "number", "money", "choice", "organisation", "table", "file", "record"]
FIELD_TYPES = ("text", "rich", "date", "number", "money", "choice", "organisation", "table", "file", "record")
COLUMN_TYPES = ("text", "date", "number", "money", "choice")
VIEWS = ("document", "table", "timeline", "list", "page")
AUDIENCES = ("public", "limited", "on_request", "internal")
COMMON = {
    "title": "标题",
    "document_number": "发文字号",
    "issuers": "发文机关",
    "topic": "主题分类",
    "formed": "成文日期",
    "effective": "施行日期",
    "expires": "有效期至",
    "summary": "内容概述",
    "keywords": "主题词",
    "source": "来源",
    "contact": "咨询方式",
    "body": "正文",
}
"""Elements that every record can have; a kind says which it demands and which it shows."""
MASKS = ("resident_id", "phone", "bank_card", "address", "name", "licence_plate")
CADENCES = ("within", "yearly", "quarterly", "monthly", "promptly")
CHECKS = ("compare", "interval", "any_of", "mentions", "unique", "distinct_files")


class BadKind(ValueError):
    """A kind's file does not hold; the message names the file, the line and the reason."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table."""

    key: str
    label: str
    type: str = "text"
    required: bool = False
    total: bool = False
    unit: str = ""
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a kind, beside the elements that every record has."""

    key: str
    label: str
    type: FieldType = "text"
    required: bool = False
    help: str = ""
    unit: str = ""
    lines: int = 1
    choices: tuple[str, ...] = ()
    columns: tuple[Column, ...] = ()
    kinds: tuple[str, ...] = ()
    relation: str = ""
    many: bool = False
    chart: str = ""

    @property
    def shown(self) -> str:
        """The label with its unit: 余额（万元）."""
        return f"{self.label}（{self.unit}）" if self.unit else self.label


@dataclass(frozen=True, slots=True)
class Check:
    """Something that the content must satisfy; `level` is `block` or `warn`."""

    kind: str
    say: str
    level: str = "block"
    basis: str = ""
    left: tuple[str, ...] = ()
    right: tuple[str, ...] = ()
    op: str = "equal"
    table: str = ""
    start: str = ""
    end: str = ""
    max_years: int = 0
    fields: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    column: str = ""


@dataclass(frozen=True, slots=True)
class Cadence:
    """How soon or how often: the duty of this kind. With `rule` the limit is that of the law's rule; else it is its own."""

    kind: str
    basis: str = ""
    rule: str = ""
    amount: int = 0
    unit: str = "wd"
    of: str = "formed"
    by: str = ""
    verified: bool = True


@dataclass(frozen=True, slots=True)
class Mask:
    """What is covered before anybody can publish; `where` are fields or table.column, all of them when empty."""

    what: str
    where: tuple[str, ...] = ()
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """A declared kind of government information."""

    code: str
    name: str
    group: str
    view: str
    article: str
    basis: str
    gates: tuple[str, ...]
    audience: str = "public"
    required: tuple[str, ...] = ("title",)
    shown: tuple[str, ...] = ()
    numbered: bool = False
    validity: bool = False
    max_years: int = 0
    interpretation: str = "none"
    update_days: int = 0
    fields: tuple[Field, ...] = ()
    checks: tuple[Check, ...] = ()
    cadence: tuple[Cadence, ...] = ()
    masks: tuple[Mask, ...] = ()
    help: str = ""
    position: int = 100

    def field(self, key: str) -> Field:
        """A field by its key. Raises KeyError."""
        for one in self.fields:
            if one.key == key:
                return one
        raise KeyError(key)

    def label(self, key: str) -> str:
        """The label of a common element or a field."""
        return COMMON[key] if key in COMMON else self.field(key).label

    @property
    def tables(self) -> tuple[Field, ...]:
        """Its fields that are tables."""
        return tuple(f for f in self.fields if f.type == "table")


class Gate(NamedTuple):
    """A named check by a named person that a version must pass."""

    code: str
    name: str
    role: str
    review: bool
    basis: str
    asks: tuple[str, ...]


@lru_cache(maxsize=1)
def _own() -> Path:
    return Path(str(files("gongkai.records")))


@lru_cache(maxsize=1)
def gates() -> dict[str, Gate]:
    """Every gate there is, from `gates.toml`."""
    data = tomllib.loads((_own() / "gates.toml").read_text("utf-8"))
    return {
        code: Gate(code, one["name"], one["role"], one.get("review", False), one["basis"], tuple(one.get("asks", ())))
        for code, one in data["gate"].items()
    }


def folders() -> list[Path]:
    """Where kinds are looked for: with the program, then in GONGKAI_KINDS (folders separated as PATH is)."""
    more = [Path(p) for p in os.environ.get("GONGKAI_KINDS", "").split(os.pathsep) if p]
    return [_own() / "kinds", *more]


@lru_cache(maxsize=4)
def _load(where: tuple[Path, ...]) -> dict[str, Kind]:
    found: dict[str, Kind] = {}
    for folder in where:
        if not folder.is_dir():
            raise BadKind(f"{folder}：没有这个文件夹（GONGKAI_KINDS）。")
        for path in sorted(folder.glob("*.toml")):
            kind = read(path)
            found[kind.code] = kind
    for kind in found.values():
        for field in kind.fields:
            for code in field.kinds:
                if code not in found:
                    raise BadKind(f"{kind.code}.toml：字段 {field.key} 的 kinds 写了“{code}”，没有这个信息种类。")
    return dict(sorted(found.items(), key=lambda item: (item[1].position, item[0])))


def kinds() -> dict[str, Kind]:
    """Every kind there is, in the order of `position`. Raises BadKind."""
    return _load(tuple(folders()))


def kind_of(code: str) -> Kind:
    """A kind by its code. Raises KeyError."""
    return kinds()[code]


def forget() -> None:
    """Read the files again the next time: for tests that add a folder."""
    _load.cache_clear()


_KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")


def read(path: Path) -> Kind:
    """Read one file. Raises BadKind with its line and the reason."""
    try:
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadKind(f"{path.name}：文字编码不是UTF-8，请另存为UTF-8。") from error
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line (\d+)", str(error))
        where = f"第{line[1]}行" if line else "末尾"
        raise BadKind(f"{path.name} {where}：不是合格的TOML（{error}）。") from error
    return _Reader(path, text, data).kind()


class _Reader:
    def __init__(self, path: Path, text: str, data: dict[str, Any]) -> None:
        self.path, self.lines, self.data = path, text.splitlines(), data

    def kind(self) -> Kind:
        code = self.path.stem
        if not _KEY.fullmatch(code):
            raise self.bad(code, "文件名只用小写英文字母、数字和下划线，以字母开头")
        data = dict(self.data)
        made: dict[str, Any] = {
            "fields": tuple(self.field(one, at) for at, one in enumerate(self.many(data, "fields"))),
            "checks": (),
            "cadence": tuple(self.cadence(one, at) for at, one in enumerate(self.many(data, "cadence"))),
            "masks": tuple(self.mask(one, at) for at, one in enumerate(self.many(data, "masks"))),
        }
        checks = self.many(data, "checks")
        self.dated(made["cadence"], made["fields"])
        keys = [f.key for f in made["fields"]]
        for key in keys:
            if keys.count(key) > 1 or key in COMMON:
                raise self.bad(f'key = "{key}"', f"字段 {key} 重复，或与公共要素同名")
        plain = {key: data.pop(key) for key in list(data)}
        self.known(plain, Kind, {"code", "fields", "checks", "cadence", "masks"}, "kind")
        for key in ("name", "group", "view", "article", "basis", "gates"):
            if not plain.get(key):
                raise self.bad("", f"缺少 {key}")
        self.among(plain, "view", VIEWS)
        self.among(plain, "audience", AUDIENCES)
        self.among(plain, "interpretation", ("none", "optional", "required"))
        for gate in plain["gates"]:
            if not isinstance(gate, str) or gate not in gates():
                raise self.bad("gates", f"没有“{gate}”这道关口，可用：{'、'.join(gates())}")
        if "secrecy" not in plain["gates"]:
            raise self.bad("gates", "必须有保密审查 secrecy（保守国家秘密法第三十五条：先审查、后公开）")
        for key in ("required", "shown"):
            for name in plain.get(key, ()):
                if name not in COMMON and name not in keys:
                    raise self.bad(f"{key} =", f"{key} 里的“{name}”既不是公共要素也不是字段")
        bare = Kind(code=code, **{k: self.frozen(v) for k, v in plain.items()}, **made)
        made["checks"] = tuple(self.check(one, at, bare) for at, one in enumerate(checks))
        for mask in bare.masks:
            for name in mask.where:
                self.place(bare, name, "[[masks]]")
        return Kind(code=code, **{k: self.frozen(v) for k, v in plain.items()}, **made)

    def many(self, data: dict[str, Any], key: str) -> list[dict[str, Any]]:
        value = data.pop(key, [])
        if not isinstance(value, list) or any(not isinstance(v, dict) for v in value):
            raise self.bad(key, f"{key} 要写成 [[{key}]] 的小节")
        return value

    def field(self, one: dict[str, Any], at: int) -> Field:
        where = f'key = "{one.get("key", "")}"' if one.get("key") else "[[fields]]"
        self.known(one, Field, set(), where)
        if not _KEY.fullmatch(str(one.get("key", ""))):
            raise self.bad(where, f"第{at + 1}个字段的 key 只用小写英文字母、数字和下划线")
        if not one.get("label"):
            raise self.bad(where, f"字段 {one['key']} 缺少 label")
        kind = one.get("type", "text")
        if kind not in FIELD_TYPES:
            raise self.bad(where, f"字段 {one['key']} 的 type 是“{kind}”，可用：{'、'.join(FIELD_TYPES)}")
        if kind == "choice" and not one.get("choices"):
            raise self.bad(where, f"字段 {one['key']} 是 choice，要写 choices")
        columns = []
        if any(not isinstance(choice, str) for choice in one.get("choices", [])):
            raise self.bad(where, f"字段 {one['key']} 的 choices 每一项都要加引号")
        if kind == "record" and not one.get("kinds"):
            raise self.bad(where, f"字段 {one['key']} 是 record，要写 kinds：可以关联哪些种类")
        for column in one.get("columns", []):
            if not isinstance(column, dict):
                raise self.bad(where, f"表格 {one['key']} 的每一列要写成 {{key = …, label = …}}")
            self.known(column, Column, set(), where)
            if not _KEY.fullmatch(str(column.get("key", ""))) or not column.get("label"):
                raise self.bad(where, f"表格 {one['key']} 的每一列都要有 key（小写英文）和 label")
            if column.get("type", "text") not in COLUMN_TYPES:
                raise self.bad(where, f"列 {column['key']} 的 type 可用：{'、'.join(COLUMN_TYPES)}")
            if column.get("total") and column.get("type") not in ("number", "money"):
                raise self.bad(where, f"列 {column['key']} 不是数，不能合计")
            if column.get("type") == "choice" and not column.get("choices"):
                raise self.bad(where, f"列 {column['key']} 是 choice，要写 choices")
            columns.append(Column(**{k: self.frozen(v) for k, v in column.items()}))
        if kind == "table" and not columns:
            raise self.bad(where, f"表格 {one['key']} 要写 columns")
        if len({c.key for c in columns}) < len(columns):
            raise self.bad(where, f"表格 {one['key']} 有两列同名")
        chart = one.get("chart", "")
        if chart and chart not in {c.key for c in columns}:
            raise self.bad(where, f"表格 {one['key']} 的 chart 写了“{chart}”，没有这一列")
        return Field(**{**{k: self.frozen(v) for k, v in one.items()}, "columns": tuple(columns)})

    def place(self, kind: Kind, name: str, where: str) -> None:
        key, _, column = name.partition(".")
        field = next((f for f in kind.fields if f.key == key), None)
        if field is None and (column or key not in COMMON):
            raise self.bad(where, f"写了“{name}”，没有这个字段")
        if column and column not in {c.key for c in (field.columns if field else ())}:
            raise self.bad(where, f"写了“{name}”，表格 {key} 没有 {column} 这一列")

    def check(self, one: dict[str, Any], at: int, kind: Kind) -> Check:
        where = "[[checks]]"
        self.known(one, Check, set(), where)
        if one.get("kind") not in CHECKS:
            raise self.bad(where, f"第{at + 1}个 checks 的 kind 可用：{'、'.join(CHECKS)}")
        if not one.get("say"):
            raise self.bad(where, f"第{at + 1}个 checks 缺少 say：用中文说明不符时怎么办")
        if one.get("level", "block") not in ("block", "warn"):
            raise self.bad(where, "level 只能是 block 或 warn")
        made = Check(**{k: self.frozen(v) for k, v in one.items()})
        if made.op not in ("equal", "at_most", "at_least"):
            raise self.bad(where, "op 只能是 equal、at_most 或 at_least")
        names = [*made.left, *made.right, *made.fields, made.start, made.end]
        for name in filter(None, names):
            plain = name.lstrip("-")
            if not plain.replace(".", "", 1).isdigit():
                self.place(kind, f"{made.table}.{plain}" if made.table else plain, where)
        wants = {"compare": (made.left, made.right), "interval": (made.start, made.end), "any_of": (made.fields,)}
        wants |= {"mentions": (made.words,), "unique": (made.table, made.column)}
        if made.kind == "unique" and made.table and made.column:
            self.place(kind, f"{made.table}.{made.column}", where)
        if not all(wants.get(made.kind, ())):
            raise self.bad(where, f"第{at + 1}个 checks（{made.kind}）没有写全")
        return made

    def cadence(self, one: dict[str, Any], at: int) -> Cadence:
        where = "[[cadence]]"
        self.known(one, Cadence, set(), where)
        if one.get("kind") not in CADENCES:
            raise self.bad(where, f"第{at + 1}个 cadence 的 kind 可用：{'、'.join(CADENCES)}")
        if one.get("rule"):
            law = next((r for r in rules() if r.code == one["rule"]), None)
            if law is None:
                raise self.bad(
                    f'rule = "{one["rule"]}"', f"没有“{one['rule']}”这条期限规则（gongkai due --list 列出全部）"
                )
            return Cadence(**{"basis": law.citation, **one})
        if not one.get("basis"):
            raise self.bad(where, f"第{at + 1}个 cadence 缺少 basis（依据）或 rule")
        if one["kind"] == "within" and (not isinstance(one.get("amount"), int) or one["amount"] < 1):
            raise self.bad(where, "within 要写 amount（正整数）")
        if one.get("unit", "wd") not in ("wd", "d", "h", "m"):
            raise self.bad(where, "unit 只能是 wd（工作日）、d（日）、h（小时）或 m（月）")
        if one["kind"] == "yearly" and not re.fullmatch(r"(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])", one.get("by", "")):
            raise self.bad(where, "yearly 要写 by，如 03-31")
        return Cadence(**one)

    def dated(self, cadence: tuple[Cadence, ...], fields: tuple[Field, ...]) -> None:
        """`of` names a date: one of the common elements or a field."""
        dates = {"formed", "effective", "expires", "year", *(f.key for f in fields)}
        for one in cadence:
            if one.of not in dates:
                raise self.bad(f'of = "{one.of}"', f"cadence 的 of 写了“{one.of}”，没有这个日期字段")

    def mask(self, one: dict[str, Any], at: int) -> Mask:
        where = "[[masks]]"
        self.known(one, Mask, set(), where)
        if one.get("what") not in MASKS:
            raise self.bad(where, f"第{at + 1}个 masks 的 what 可用：{'、'.join(MASKS)}")
        return Mask(**{k: self.frozen(v) for k, v in one.items()})

    def among(self, data: dict[str, Any], key: str, allowed: tuple[str, ...]) -> None:
        if key in data and data[key] not in allowed:
            raise self.bad(f"{key} =", f"{key} 是“{data[key]}”，可用：{'、'.join(allowed)}")

    def known(self, one: dict[str, Any], of: type[Any], besides: set[str], where: str) -> None:
        annotations = {k: str(v) for k, v in of.__annotations__.items() if k not in besides}
        for key, value in one.items():
            if key not in annotations:
                raise self.bad(f"{key} =", f"不认识“{key}”，可用：{'、'.join(annotations)}")
            wanted = annotations[key]
            fits = (
                isinstance(value, bool)
                if wanted == "bool"
                else isinstance(value, int) and not isinstance(value, bool)
                if wanted == "int"
                else isinstance(value, list)
                if wanted.startswith("tuple")
                else isinstance(value, str)
            )
            if not fits:
                raise self.bad(f"{key} =", f"“{key}”的写法不对，应为 {_TYPES.get(wanted, '列表')}")
        del where

    @staticmethod
    def frozen(value: Any) -> Any:
        return tuple(value) if isinstance(value, list) else value

    def bad(self, near: str, reason: str) -> BadKind:
        at = next((n for n, line in enumerate(self.lines, 1) if near and near in line), 1)
        return BadKind(f"{self.path.name} 第{at}行：{reason}。")


_TYPES = {"bool": "true 或 false", "int": "整数", "str": "一段文字", "FieldType": "一段文字"}
