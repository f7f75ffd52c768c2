"""The commands that work on a site's data, as an operator runs them."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import time
import urllib.request
import zipfile
from pathlib import Path

import pytest

from tests.site.hands import Site

SQLITE = pytest.mark.skipif(bool(os.environ.get("GONGKAI_DATABASE_URL")), reason="changes bytes of the SQLite file")


def test_the_county_is_loaded_once(county: Site) -> None:
    """A second start finds it and says the same accounts."""
    assert "chen.yu" in county.run("demo", "--no-serve")
    assert re.search(r"留痕完好：\d{3,}条", county.run("verify"))


def test_a_real_site_is_not_filled_with_the_sample(bare: Site) -> None:
    """Whoever has set up their own site is told, and nothing is loaded."""
    bare.run("verify")  # makes the tables
    _python(
        bare,
        "import datetime as dt\n"
        "from gongkai.orgs import actions\n"
        "actions.first_administrator('admin', '某人', 'a-good-password', on=dt.date(2026, 3, 2))",
    )
    assert "已经有别的数据" in bare.run("demo", "--no-serve", code=2)


def test_rebuild_says_how_many(county: Site) -> None:
    """204 matters of plans and schemes, and 203 of cases."""
    assert "台账已重建：407项" in county.run("rebuild")


def test_import_plan(county: Site, tmp_path: Path) -> None:
    """陈瑜 holds the post of 主管部门 and may; 蒋若溪 does not."""
    plan = tmp_path / "方案.txt"
    plan.write_text(
        "青禾县2027年政务公开任务清单\n1.公开办事指南。（责任单位：县司法局）\n2.公开预算。（责任单位：县财政局）\n"
    )
    assert "主管部门" in county.run("import-plan", str(plan), "--as", "jiang.ruoxi", code=2)
    assert "没有账号" in county.run("import-plan", str(plan), "--as", "nobody", code=2)
    assert "读不了" in county.run("import-plan", str(tmp_path / "无.txt"), "--as", "chen.yu", code=2)
    said = county.run("import-plan", str(plan), "--as", "chen.yu", "--body", "青禾县")
    assert "青禾县2027年政务公开任务清单" in said and "2项任务" in said


def test_backup_and_restore(county: Site, tmp_path: Path) -> None:
    """Counts, chain and files are the same; a second restore, and a damaged backup, are refused and change nothing."""
    file = tmp_path / "备份.zip"
    said = county.run("backup", str(file))
    end = re.search(r"链尾 (\w+)", said)
    assert end is not None
    other = Site(tmp_path / "other")  # SQLite, also when the first is on PostgreSQL: a backup is for any database
    assert end.group(1) in other.run("restore", str(file))
    assert end.group(1) in other.run("verify")
    assert "已经有数据" in other.run("restore", str(file), code=2)
    damaged = tmp_path / "坏.zip"
    with zipfile.ZipFile(file) as good, zipfile.ZipFile(damaged, "w") as bad:
        for name in good.namelist():
            data = good.read(name)
            if name == "rows/base.event.jsonl":
                data = data.replace("导入".encode(), "出口".encode(), 1) if "导入".encode() in data else data[:-200]
            bad.writestr(name, data)
    third = Site(tmp_path / "third")
    third.run("restore", str(damaged), code=2)
    assert "留痕完好：0条" in third.run("verify")
    (tmp_path / "junk.zip").write_bytes(b"junk")
    assert "不是完整的备份" in third.run("restore", str(tmp_path / "junk.zip"), code=2)


def test_a_restored_site_goes_on(county: Site, bare: Site, tmp_path: Path) -> None:
    """New rows get new numbers, and the chain goes on from where it was."""
    file = tmp_path / "b.zip"
    county.run("backup", str(file))
    bare.run("restore", str(file))
    plan = tmp_path / "p.txt"
    plan.write_text("青禾县2028年政务公开任务清单\n1.公开办事指南。（责任单位：县司法局）\n")
    bare.run("import-plan", str(plan), "--as", "chen.yu")
    assert "留痕完好" in bare.run("verify")


@SQLITE
@pytest.mark.parametrize("column", ["reason", "name", "post", "payload", "verb", "hash", "previous"])
def test_verify_finds_one_changed_byte(county: Site, tmp_path: Path, column: str) -> None:
    copy = Site(tmp_path / "copy")
    shutil.copytree(county.data, copy.data)
    with sqlite3.connect(copy.data / "gongkai.sqlite3") as database:
        seq = database.execute("SELECT max(seq) / 2 FROM base_event").fetchone()[0]
        database.execute(f"UPDATE base_event SET {column} = {column} || ' ' WHERE seq = ?", (seq,))
    said = copy.run("verify", code=1)
    assert f"第{seq}条" in said or f"第{seq + 1}条" in said


@SQLITE
def test_verify_finds_a_changed_file(county: Site, tmp_path: Path) -> None:
    copy = Site(tmp_path / "copy")
    shutil.copytree(county.data, copy.data)
    kept = next(p for p in (copy.data / "files").rglob("*") if p.is_file())
    data = bytearray(kept.read_bytes())
    data[len(data) // 2] ^= 1
    kept.write_bytes(bytes(data))
    assert "文件内容被改动过" in copy.run("verify", code=1)


def test_serve_stops_cleanly(county: Site) -> None:
    """It answers, a second one at the same port is told, and Ctrl+C ends it and its followers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    serving = county.start("serve", "--port", str(port))
    try:
        page = ""
        for _ in range(900):  # the first start draws every public page before it answers
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/desk/sign-in/", timeout=5) as answer:
                    page = answer.read().decode()
                break
            except OSError:
                time.sleep(0.1)
        assert "登录工作台" in page
        sheet = re.search(r'href="(/static/[^"]+\.css)"', page)
        assert sheet is not None
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{sheet.group(1)}", timeout=5) as answer:
            assert b"--ink" in answer.read()
        assert "不能用" in county.run("serve", "--port", str(port), code=2)
        followers = _children(serving.pid)
        assert len(followers) >= 2  # a worker and the followers
        serving.send_signal(signal.SIGINT)
        said, _ = serving.communicate(timeout=30)
        assert serving.returncode == 0 and "已停止" in said and "Traceback" not in said
        assert not [p for p in followers if Path(f"/proc/{p}").exists() and not _ended(p)]
    finally:
        if serving.poll() is None:
            os.killpg(serving.pid, signal.SIGKILL)


def test_followers_end_with_a_killed_server(county: Site) -> None:
    """kill -9 of the server: its followers see that it is gone and stop by themselves."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    serving = county.start("serve", "--port", str(port))
    try:
        for _ in range(900):
            if any("gongkai.site.followers" in _words(p) for p in _children(serving.pid)):
                break
            time.sleep(0.1)
        follower = next(p for p in _children(serving.pid) if "gongkai.site.followers" in _words(p))
        time.sleep(1.5)
        os.kill(serving.pid, signal.SIGKILL)
        serving.wait()
        for _ in range(300):  # it ends after the batch it is at
            if not Path(f"/proc/{follower}").exists() or _ended(follower):
                break
            time.sleep(0.1)
        assert not Path(f"/proc/{follower}").exists() or _ended(follower)
    finally:
        os.killpg(serving.pid, signal.SIGKILL)


def _children(pid: int) -> list[int]:
    out = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        out += [int(x) for x in (task / "children").read_text().split()]
    return out


def _words(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


def _ended(pid: int) -> bool:
    try:
        return "State:\tZ" in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return True


def _python(site: Site, script: str) -> None:
    import subprocess
    import sys

    whole = f"from gongkai.site.boot import boot; boot()\n{script}"
    subprocess.run([sys.executable, "-c", whole], env=site.env, check=True, timeout=60)


def test_manifest_counts(county: Site, tmp_path: Path) -> None:
    """The manifest holds the count of every table."""
    county.run("backup", str(tmp_path / "b.zip"))
    with zipfile.ZipFile(tmp_path / "b.zip") as backup:
        manifest = json.loads(backup.read("manifest.json"))
        for label, count in manifest["counts"].items():
            rows = backup.read(f"rows/{label}.jsonl").decode().splitlines()
            assert len(rows) == count, label
    assert manifest["counts"]["orgs.person"] > 90
