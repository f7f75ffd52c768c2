"""`gongkai case play` as a command: files, folders, words, what it leaves behind and how it ends."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.cases.test_play import story

FIRST = story("2026-03-02 receive channel=in_person; 03-31 approve_extension days=20")
SECOND = story("2026-03-02 receive channel=in_person", body="street", applicant="business")


def run(folder: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    env = {k: v for k, v in os.environ.items() if not k.startswith(("GONGKAI_", "DJANGO_"))}
    command = [sys.executable, "-m", "gongkai", "case", "play", *words]
    made = subprocess.run(command, cwd=folder, env=env | more, capture_output=True, text=True, check=False, timeout=120)
    assert "Traceback" not in made.stderr
    return made


def write(folder: Path, name: str, made: Any) -> Path:
    path = folder / name
    path.write_text(json.dumps(made, ensure_ascii=False), encoding="utf-8")
    return path


def test_one_file_in_an_empty_folder_leaves_nothing_behind(tmp_path: Path) -> None:
    write(tmp_path, "一件.json", FIRST)
    done = run(tmp_path, "一件.json", "--format", "json")
    assert (done.returncode, done.stderr) == (0, "")
    told = json.loads(done.stdout)
    assert (told["due"], told["state"]) == ("2026-03-30", "open")
    assert [(r["step"], r["verb"], r["rule"]) for r in told["refused"]] == [
        (2, "approve_extension", "extension.period")
    ]
    assert [p.name for p in tmp_path.iterdir()] == ["一件.json"]


def test_several_files_give_a_list_and_words(tmp_path: Path) -> None:
    write(tmp_path, "a.json", FIRST)
    write(tmp_path, "b.json", SECOND)
    done = run(tmp_path, "a.json", "b.json", "--as-of", "2026-03-05", "--format", "json")
    told = json.loads(done.stdout)
    assert [t["as_of"] for t in told] == ["2026-03-05"] * 2
    assert [t["reconsideration_organ"] for t in told] == ["本级人民政府", "设立它的本级人民政府"]
    done = run(tmp_path, "a.json", "b.json")
    assert done.returncode == 0
    assert "a.json：办理中" in done.stdout
    assert "第2步没有办：" in done.stdout


def test_bad_files_are_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "half.json").write_text('{"steps": [', encoding="utf-8")
    (tmp_path / "gbk.json").write_bytes('{"body": "局"}'.encode("gbk"))
    write(tmp_path, "bad.json", {"body": "department", "steps": [{}]})
    write(tmp_path, "good.json", FIRST)
    for words, says in (
        (["half.json"], "不是JSON文件"),
        (["gbk.json"], "不是JSON文件"),
        (["missing.json"], "打不开"),
        (["."], "打不开"),
        (["bad.json"], "body 应是对象"),
        (["good.json", "bad.json"], "bad.json"),
        (["good.json", "--as-of", "昨天"], "不是日期"),
        (["good.json", "--as-of", "2999-01-01"], "2190年"),
        ([], "缺少参数"),
    ):
        done = run(tmp_path, *words)
        assert done.returncode == 2, words
        assert done.stdout == "", words
        assert says in done.stderr, words
        assert len(done.stderr.strip().splitlines()) == 1, words
    assert not (tmp_path / "data").exists()


def test_kept_in_the_database_of_the_site(tmp_path: Path) -> None:
    write(tmp_path, "a.json", FIRST)
    data = {"GONGKAI_DATA_DIR": str(tmp_path / "site")}
    for _ in range(2):
        done = run(tmp_path, "a.json", "--keep", "--format", "json", **data)
        assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "site" / "gongkai.sqlite3").exists()
    look = (
        "from gongkai.site.boot import boot; boot(); from gongkai.cases.models import Case; "
        "print([c.number for c in Case.objects.order_by('id')])"
    )
    env = {k: v for k, v in os.environ.items() if not k.startswith(("GONGKAI_", "DJANGO_"))} | data
    seen = subprocess.run(
        [sys.executable, "-c", look], env=env, capture_output=True, text=True, check=True, cwd=tmp_path
    )
    assert seen.stdout.strip() == "['〔2026〕1号', '〔2026〕2号']"
