"""One kind's file read and looked at: what does not hold is refused with its line and the reason."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from gongkai.law.clocks import rules
from gongkai.records.kinds.declared import (
    AUDIENCES,
    CADENCES,
    CHECKS,
    COLUMN_TYPES,
    COMMON,
    FIELD_TYPES,
    MASKS,
    VIEWS,
    BadKind,
    Cadence,
    Check,
    Column,
    Field,
    Kind,
    Mask,
)
from gongkai.records.kinds.gate import gates

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
        if "trial_years" in plain and not 1 <= plain["trial_years"] <= plain.get("max_years", 0):
            raise self.bad("trial_years =", "trial_years 要写正整数，不大于 max_years；没有 max_years 的不写")
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
