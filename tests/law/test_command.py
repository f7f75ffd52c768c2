"""`gongkai due` through a bare argparse harness."""

from __future__ import annotations

import argparse
import json

import pytest

from gongkai.law import commands
from tests.law.chance import COUNTY


def call(*words: str) -> int:
    parser = argparse.ArgumentParser(prog="gongkai")
    commands.add_parser(parser.add_subparsers())
    args = parser.parse_args(["due", *words])
    return args.run(args)


def test_text(capsys: pytest.CaptureFixture[str]) -> None:
    assert call("reply", "--fact", "received=2026-09-21") == 0
    out = capsys.readouterr().out
    assert "到期：2026-10-26（周一）" in out and "为什么是这一天？" in out and "国庆节放假，不计" in out


def test_json(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["reply", "--format", "json"]
    for fact in ("received=2026-09-21", "third_party_asked=2026-09-22", "third_party_asked=2026-10-12"):
        words += ["--fact", fact]
    words += ["--fact", "third_party_answered.2=2026-10-14", "--fact", "第三方答复日期.1=2026-09-24"]
    assert call(*words) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["due"] == "2026-10-30" and found["provisional"] is False and found["steps"]


def test_working_days(capsys: pytest.CaptureFixture[str]) -> None:
    assert call("--working-days", "40", "--from", "2026-11-23", "--format", "json") == 0
    found = json.loads(capsys.readouterr().out)
    assert found["due"] == "2027-01-18" and found["provisional"] is True
    assert call("--working-days", "40", "--from", "2026-11-23") == 0
    assert "暂定原因：2027年" in capsys.readouterr().out


def test_local_calendar(capsys: pytest.CaptureFixture[str]) -> None:
    assert call("--working-days", "3", "--from", "2026-11-25", "--calendar", str(COUNTY)) == 0
    assert "2026-12-01" in capsys.readouterr().out  # 26 and 27 off, Sat 28 worked, then 30 Nov, 1 Dec


def test_list(capsys: pytest.CaptureFixture[str]) -> None:
    assert call("--list") == 0
    assert "依申请公开答复" in capsys.readouterr().out
    assert call("--list", "--format", "json") == 0
    listed = {rule["code"]: rule for rule in json.loads(capsys.readouterr().out)}
    assert listed["reply"]["kinds"] == ["run", "proven_start", "restart", "extend", "exclude"]
    facts = {fact["name"]: fact for fact in listed["reply"]["facts"]}
    assert facts["third_party_asked"]["repeatable"] and not facts["received"]["repeatable"]


def test_moment(capsys: pytest.CaptureFixture[str]) -> None:
    assert call("opinion_major_info", "--fact", "occurred=2026-10-01T22:30") == 0
    assert "到期：2026-10-02 03:30（周五）" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["replay"], "没有名为“replay”"),
        (["reply"], "缺少“收到日期”"),
        (["reply", "--fact", "received"], "名称=日期"),
        (["reply", "--fact", "received=2026-13-01"], "不是日期"),
        ([], "请给出期限规则"),
        (["--working-days", "5"], "--from"),
        (["--working-days", "五", "--from", "2026-09-21"], "正整数"),
        (["--working-days", "0", "--from", "2026-09-21"], "整数"),
        (["--working-days", "5", "--from", "明天"], "不是日期"),
        (["reply", "--working-days", "5", "--from", "2026-09-21"], "不能同时"),
        (["reply", "--from", "2026-09-21"], "--fact"),
        (["--list", "reply"], "--list"),
        (["reply", "--fact", "received=2026-09-21", "--format", "xml"], "xml"),
        (["reply", "--fact", "received=2026-09-21", "--calendar", "/none.toml"], "无法读取"),
    ],
)
def test_errors_are_one_chinese_line(words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(*words) == 2
    out, err = capsys.readouterr()
    assert out == "" and said in err and err.count("\n") == 1


def test_help_is_chinese(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        call("-h")
    out = capsys.readouterr().out
    assert out.startswith("用法：") and "当日不计入期限" in out
