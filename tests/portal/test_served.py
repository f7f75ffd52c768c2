"""The finished pages as they are really served: by granian with the database away, by nginx with the application away."""

from __future__ import annotations

import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from http.client import HTTPMessage
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.browser.site import ROOT, Site, environment, free_port

MORE = 150


def run(data: Path, *words: str) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, *words], env=environment(data), cwd=ROOT, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder of its own with 临溪县."""
    if os.environ.get("GONGKAI_DATABASE_URL"):
        pytest.skip("moves a database file away")
    made = tmp_path_factory.mktemp("portal") / "data"
    start = "from gongkai.site.boot import boot; boot(); from tests.portal.load import load; "
    run(made, "-c", f"{start}load({MORE})")
    return made


@pytest.fixture
def site(data: Path) -> Iterator[Site]:
    opened = Site(data, "serve")
    opened.start()
    yield opened
    opened.stop()


def get(address: str) -> tuple[int, bytes, HTTPMessage]:
    try:
        with urllib.request.urlopen(address, timeout=10) as answer:
            return answer.status, answer.read(), answer.headers
    except urllib.error.HTTPError as error:
        return error.code, error.read(), error.headers


def test_killed_at_any_moment_no_page_is_half(data: Path) -> None:
    """SIGKILL, ten times, while pages are drawn again and again; then one run to the end."""
    chance = random.Random(20260302)
    stop = b"</html>"
    for _ in range(10):
        process = subprocess.Popen(
            [sys.executable, "-m", "gongkai", "press", "--again"],
            env={**environment(data), "GONGKAI_SITE_URL": f"https://{chance.random()}.example"},
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        time.sleep(0.9 + chance.random() * 0.8)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        for path in (data / "press").glob("*.html"):
            assert path.read_bytes().rstrip().endswith(stop), path
    run(data, "-m", "gongkai", "press", "--all")
    pages = list((data / "press").glob("*.html"))
    assert len(pages) > MORE and not list((data / "press").rglob(".new-*"))
    assert all(b".example" not in p.read_bytes() for p in pages)


def test_interrupted_it_says_so_and_goes_on(data: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "gongkai", "press", "--again"],
        env=environment(data),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    until = time.monotonic() + 20
    while time.monotonic() < until:
        state = (data / "press.json").read_text() if (data / "press.json").exists() else ""
        if (match := re.search(r'"after": (\d+)', state)) and int(match[1]) > 0 and '"pressing": ""' not in state:
            break
        time.sleep(0.005)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=30)
    assert process.returncode in (0, 130)
    assert process.returncode == 0 or "已中断" in said
    done = run(data, "-m", "gongkai", "press", "--all").stdout
    assert "公开页面已生成" in done


def test_granian_hands_out_pages_with_the_database_away(site: Site, data: Path) -> None:
    status, before, headers = get(f"{site.url}/p/1.html")
    assert status == 200 and "临溪县临时救助实施办法" in before.decode() and headers["Server"] == "granian"
    assert headers.get("Cache-Control") is None  # granian's 0: nothing is kept
    assert get(f"{site.url}/")[0] == 200
    away = data.parent / "away"
    away.mkdir()
    for part in data.glob("gongkai.sqlite3*"):
        part.rename(away / part.name)
    try:
        assert get(f"{site.url}/p/1.html")[:2] == (200, before)
        status, file, headers = get(f"{site.url}/p/1/{quote('实施办法（印发稿）.pdf')}")
        assert (status, file, headers["Content-Type"]) == (200, b"%PDF-1.4 sample", "application/pdf")
        assert get(f"{site.url}/static/portal/portal.css")[0] == 200
    finally:
        for part in away.iterdir():
            part.rename(data / part.name)
        away.rmdir()
    assert get(f"{site.url}/p/99999.html")[0] == 404
    assert get(f"{site.url}/p/%2e%2e/secret.key")[0] == 404


def nginx_of(folder: Path, data: Path, port: int, behind: int) -> Path:
    """deploy/nginx.conf as it is, with this test's folders and ports in the place of the real ones."""
    text = (ROOT / "deploy" / "nginx.conf").read_text("utf-8")
    text = re.sub(r"(?m)^\s*listen 80;\n\s*listen \[::\]:80;\n(.*\n)*?(?=\s*# --- the site)", "", text)
    text = text.replace("/var/lib/gongkai", str(data)).replace("127.0.0.1:8000", f"127.0.0.1:{behind}")
    text = re.sub(r"(?m)^\s*(listen .*443.*|ssl_.*|http2 .*|add_header Strict.*)\n", "", text)
    text = text.replace("server_name www.example.gov.cn;", f"listen 127.0.0.1:{port}; server_name localhost;")
    main = folder / "nginx.conf"
    temp = "".join(f"{k}_temp_path {folder}/{k};\n" for k in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    main.write_text(
        f"daemon off; pid {folder}/pid; error_log {folder}/error.log;\nevents {{}}\n"
        f"http {{\ninclude /etc/nginx/mime.types;\naccess_log off;\n{temp}{text}\n}}\n"
    )
    return main


@pytest.mark.tree  # it reads deploy/nginx.conf
@pytest.mark.skipif(shutil.which("nginx") is None, reason="nginx is not on this machine")
def test_nginx_hands_out_pages_with_the_application_stopped(data: Path, tmp_path: Path) -> None:
    site = Site(data, "serve")
    port = free_port()
    main = nginx_of(tmp_path, data, port, site.port)
    tested = subprocess.run(["nginx", "-t", "-c", str(main)], capture_output=True, text=True, check=False)
    assert tested.returncode == 0, tested.stderr
    for level in (data, *data.parents):  # the workers of nginx are nobody
        if level.is_relative_to("/tmp") and level != Path("/tmp"):
            level.chmod(0o711)
    site.start()
    nginx = subprocess.Popen(["nginx", "-c", str(main)])
    url = f"http://127.0.0.1:{port}"
    try:
        until = time.monotonic() + 10
        while time.monotonic() < until:
            try:
                get(f"{url}/robots.txt")
                break
            except OSError:
                time.sleep(0.05)
        assert "政策文件库" in get(f"{url}/policy/")[1].decode()
        status, before, headers = get(f"{url}/p/1.html")
        assert status == 200 and headers["Cache-Control"] == "no-cache" and "charset=utf-8" in headers["Content-Type"]
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        (data / "press" / "2.html").rename(data / "press" / "2.away")
        assert get(f"{url}/p/2.html")[0] == 200  # what is not pressed is drawn by the application
        status, said, _ = get(f"{url}/p/99999.html")
        assert status == 404 and "没有这一页" in said.decode()
        (data / "press" / "2.away").rename(data / "press" / "2.html")
        site.stop()
        assert get(f"{url}/p/1.html")[:2] == (200, before)
        assert get(f"{url}/p/1/{quote('实施办法（印发稿）.pdf')}")[1] == b"%PDF-1.4 sample"
        assert get(f"{url}/static/portal/portal.css")[0] == 200
        status, said, _ = get(f"{url}/policy/")
        assert status == 502 and "正在维护" in said.decode()
        for bad in ("/p/../secret.key", "/p/%2e%2e/secret.key", "/p/.new-x", "/static/../gongkai.sqlite3"):
            assert get(url + bad)[0] in (400, 404, 502)
    finally:
        nginx.send_signal(signal.SIGTERM)
        nginx.wait(10)
        if site.process is not None:
            site.stop()
