"""Record pages: how fast they are handed out, and how fast they are pressed.

    python bench/pages.py [--sizes 1k,10k] [--wagtail-python PATH] [--quick] [--json OUT]

The same documents everywhere: pressed pages served by granian as `gongkai serve` does it, nginx with the same files
(the limit), Django drawing them live, and a minimal Wagtail page of each (the peer). Server and load (wrk) have a core
each. Then the press, page by page out of the database, beside Hugo building as many pages of the same text.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import re
import resource
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "bench")]

from documents import (  # noqa: E402
    Written,
    documents,
    environment,
    free_port,
    granian,
    hammer,
    put_out,
    serving,
    start,
)
from ledger import growth, size_of, table  # noqa: E402
from reading import machine, number  # noqa: E402

PAGES = 50
"""So many pages are asked for by turns."""
SECONDS, QUICK_SECONDS = 10.0, 2.0
LONGEST = 20 * 60.0
"""Seconds. A size is left out when the one before it says that pressing it would take longer."""

# -- handing out -------------------------------------------------------------------------------------------------------


def nginx(folder: Path, mount: Path, port: int) -> list[str]:
    """Nothing but files of a folder under /p/, by one worker."""
    temp = "".join(f"{k}_temp_path {folder}/{k};\n" for k in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    user = "user root;\n" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(
        f"{user}daemon off; worker_processes 1; pid {folder}/pid; error_log {folder}/error.log;\nevents {{}}\n"
        "http {\ninclude /etc/nginx/mime.types; access_log off; sendfile on; tcp_nopush on; charset utf-8;\n"
        f"keepalive_requests 1000000;\n{temp}"
        f"server {{ listen 127.0.0.1:{port}; location /p/ {{ alias {mount}/; }} }}\n}}\n"
    )
    return ["nginx", "-c", str(folder / "nginx.conf"), "-e", str(folder / "error.log")]


def wagtail(python: str, folder: Path, port: int, some: Sequence[Written]) -> list[str]:
    """The peer on its own database, filled; the command that serves it as ours is served."""
    shutil.copytree(ROOT / "bench" / "pages" / "peer", folder / "peer")
    (folder / "documents.json").write_text(
        json.dumps(
            [
                {
                    "title": one.title,
                    "slug": str(one.id),
                    "number": one.number,
                    "issuer": one.owner_name,
                    "topic": one.topic,
                    "formed": one.formed.isoformat(),
                    "expires": one.expires.isoformat() if one.expires else None,
                    "body": "".join(f"<p>{p}</p>" for p in one.body.split("\n")),
                }
                for one in some
            ],
            ensure_ascii=False,
        ),
        encoding="utf-8",
    )
    (folder / "peer" / "migrations").mkdir()
    (folder / "peer" / "migrations" / "__init__.py").touch()
    fill = [python, "-m", "peer.fill", "documents.json", str(port)]
    done = subprocess.run(fill, cwd=folder, capture_output=True, text=True, timeout=300, check=False)
    if done.returncode:
        raise RuntimeError(f"Wagtail: {done.stderr.strip().splitlines()[-1:]}")
    return granian("peer.wsgi:application", port, python=python)


def hand_out(
    data: Path, folder: Path, peer: str | None, seconds: float, say: Callable[[str], None]
) -> dict[str, dict[str, float]]:
    """Each server in turn, twice around; the better half is not chosen: the mean of both is given."""
    some = list(documents(PAGES))
    press = data / "press"
    servers: dict[str, tuple[list[str], int, list[str], Path, dict[str, str]]] = {}
    env, plain = environment(data), {k: v for k, v in os.environ.items() if not k.startswith(("GONGKAI_", "DJANGO_"))}
    files, live = [f"/p/{one.id}.html" for one in some], [f"/live/{one.id}.html" for one in some]
    port = free_port()
    servers["granian, pressed"] = (
        granian("gongkai.site.wsgi:application", port, {"/p": press}), port, files, ROOT, env,
    )  # fmt: skip
    if shutil.which("nginx"):
        port = free_port()
        servers["nginx, the same files"] = nginx(folder, press, port), port, files, folder, plain
    port = free_port()
    servers["Django, live"] = granian("gongkai.site.wsgi:application", port), port, live, ROOT, env
    if peer:
        port = free_port()
        (below := folder / "wagtail").mkdir()
        say("Wagtail: filling")
        command = wagtail(peer, below, port, some)
        servers["Wagtail, live"] = command, port, [f"/{one.id}/" for one in some], below, plain
    runs: dict[str, list[dict[str, float]]] = {name: [] for name in servers}
    for _ in range(2):
        for name, (command, port, paths, where, environ) in servers.items():
            say(name)
            with serving(command, port, environ, where) as process:
                runs[name].append(hammer(process, port, paths, seconds))
    return {n: {k: statistics.mean(r[k] for r in found) for k in found[0]} for n, found in runs.items()}


# -- pressing ----------------------------------------------------------------------------------------------------------


def press(data: Path, sizes: Sequence[int], out: Path, say: Callable[[str], None]) -> None:
    """Put out and press at every size; in a process of its own."""
    start(data)
    from gongkai.portal import paper
    from gongkai.portal.press import press_all

    rows: list[dict[str, Any]] = []
    for size in sizes:
        if rows and (rows[-1]["seconds"] is None or rows[-1]["seconds"] * size / rows[-1]["size"] > LONGEST):
            rows.append({"size": size, "seconds": None})
            continue
        say(f"{size:,} records into the database")
        put_out(size)
        shutil.rmtree(paper.folder(), ignore_errors=True)
        say(f"press {size:,}")
        load, begun, worked = os.getloadavg()[0], time.perf_counter(), time.process_time()
        done = press_all(again=True)
        row: dict[str, Any] = {
            "size": size,
            "seconds": time.perf_counter() - begun,
            "work": time.process_time() - worked,
        }
        if done.failed:
            raise RuntimeError(f"{done.failed} pages were not pressed")
        row |= {"load": [load, os.getloadavg()[0]], "files": done.written, "peak_mb": _peak()}
        one = paper.folder() / "1.html"
        row |= {"page_bytes": one.stat().st_size}
        rows.append(row)
        out.write_text(json.dumps(rows), encoding="utf-8")
    out.write_text(json.dumps(rows), encoding="utf-8")


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


LAYOUT = """<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ .Title }}</title></head><body><header><a href="/">政府信息公开</a></header><main><h1>{{ .Title }}</h1>
<table><tr><th>发文字号</th><td>{{ .Params.number }}</td><th>发文机关</th><td>{{ .Params.owner }}</td></tr>
<tr><th>主题分类</th><td>{{ .Params.topic }}</td><th>成文日期</th><td>{{ .Date.Format "2006-01-02" }}</td></tr>
{{ with .Params.expires }}<tr><th>有效期至</th><td colspan="3">{{ . }}</td></tr>{{ end }}</table>
<article>{{ .Content }}</article></main><footer>{{ .Params.owner }}</footer></body></html>
"""
HUGO = """baseURL = "https://www.example.gov.cn/"
languageCode = "zh-CN"
title = "peer"
disableKinds = ["taxonomy", "term", "section", "home", "RSS", "sitemap", "robotsTXT", "404"]
"""


def hugo(folder: Path, size: int, one_core: bool) -> dict[str, Any]:
    """The same texts as Markdown, built from nothing."""
    content = folder / "content" / "p"
    if len(list(content.glob("*.md")) if content.exists() else []) != size:
        (folder / "layouts" / "_default").mkdir(parents=True, exist_ok=True)
        content.mkdir(parents=True, exist_ok=True)
        (folder / "config.toml").write_text(HUGO)
        (folder / "layouts" / "_default" / "single.html").write_text(LAYOUT)
        for one in documents(size):
            front = {
                "title": one.title,
                "date": one.formed.isoformat(),
                "number": one.number,
                "owner": one.owner_name,
                "topic": one.topic,
                **({"expires": one.expires.isoformat()} if one.expires else {}),
            }
            body = one.body.replace("\n", "\n\n")
            (content / f"{one.id}.md").write_text(json.dumps(front, ensure_ascii=False) + "\n\n" + body + "\n", "utf-8")
    shutil.rmtree(folder / "public", ignore_errors=True)
    shutil.rmtree(folder / "resources", ignore_errors=True)
    env = {**os.environ, **({"GOMAXPROCS": "1"} if one_core else {})}
    before, load, begun = resource.getrusage(resource.RUSAGE_CHILDREN), os.getloadavg()[0], time.perf_counter()
    command = ["hugo", "--quiet", "--noBuildLock", "--cacheDir", str(folder / "cache")]
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"Hugo: {(done.stderr or done.stdout)[-1000:]}")
    taken, after = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    made = len(list((folder / "public").rglob("index.html")))
    if made != size:
        raise RuntimeError(f"Hugo built {made} pages of {size}")
    work = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"size": size, "seconds": taken, "work": work, "load": [load, os.getloadavg()[0]]}


# -- report ------------------------------------------------------------------------------------------------------------


def show(figures: Mapping[str, Any], console: Console) -> None:
    """The tables."""
    served = figures["served"]
    first = served["granian, pressed"]["per_core"]
    shown = table(
        f"{PAGES} record pages by turns, one core", "served by", "requests/s", "to a CPU second", "kB", "ms p50 / p95",
        "pressed ÷ it, to a CPU second",
    )  # fmt: skip
    for name, r in served.items():
        ms = f"{r['p50']:.2f} / {r['p95']:.2f}"
        shown.add_row(
            name, f"{r['per_second']:,.0f}", f"{r['per_core']:,.0f}", number(r["bytes"] / 1000), ms,
            f"{first / r['per_core']:.2f}",
        )  # fmt: skip
    console.print(shown)
    console.print(f"load {', '.join(number(v) for v in figures['served_load'])}")
    rows = [r for r in figures["press"] if r["seconds"]]
    shown = table(
        "pages made", "records", "press s", "pages/s", "to a CPU second", "growth (CPU)", "peak MB", "load", "Hugo s",
        "pages/s", "to a CPU second", "growth (CPU)", "Hugo ÷ press, a CPU second",
    )  # fmt: skip
    built = {r["size"]: r for r in figures.get("hugo", [])}
    single = {r["size"]: r for r in figures.get("hugo_one_core", [])}
    for i, r in enumerate(rows):
        h, s = built.get(r["size"]), single.get(r["size"])
        pair = [x["size"] for x in rows[max(i - 1, 0) : i + 1]]
        by_size = {x["size"]: x for x in rows}
        shown.add_row(
            f"{r['size']:,}", number(r["seconds"]), f"{r['size'] / r['seconds']:,.0f}",
            f"{r['size'] / r['work']:,.0f}",
            growth([(n, by_size[n]["work"]) for n in pair]) if i else "—",
            f"{r['peak_mb']:.0f}", ", ".join(number(v) for v in r["load"]),
            number(h["seconds"] if h else None, ".2f"),
            f"{h['size'] / h['seconds']:,.0f}" if h else "—",
            f"{s['size'] / s['work']:,.0f}" if s else "—",
            growth([(n, single[n]["work"]) for n in pair if n in single]) if i else "—",
            number(r["work"] / s["work"] if s else None),
        )  # fmt: skip
    console.print(shown)
    for r in figures["press"]:
        if not r["seconds"]:
            console.print(f"{r['size']:,} left out: it would have taken longer than {LONGEST / 60:.0f} minutes")
    for text in figures["left_out"]:
        console.print(text)
    console.print(figures["machine"])


def main() -> None:
    """Measure, show, and write the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="1k,10k", metavar="LIST", help="records pressed (default %(default)s)")
    parser.add_argument("--wagtail-python", metavar="PATH", help="an interpreter that has Wagtail and granian")
    parser.add_argument("--quick", action="store_true", help="200 and 1k unless --sizes says others, short runs")
    parser.add_argument("--json", type=Path, metavar="OUT", help="write the figures here too")
    parser.add_argument("--worker", nargs=2, type=Path, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.quick and args.sizes == parser.get_default("sizes"):
        args.sizes = "200,1k"
    sizes = sorted(size_of(s) for s in args.sizes.split(","))
    errors = Console(stderr=True, highlight=False)

    def say(text: str) -> None:
        errors.print(text, style="dim")

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    if args.worker:
        press(args.worker[0], sizes, args.worker[1], say)
        return
    if shutil.which("wrk") is None:
        raise SystemExit("wrk is not on this machine (Debian: apt-get install wrk)")
    figures: dict[str, Any] = {"machine": machine(), "left_out": []}

    def keep() -> None:
        if args.json:
            args.json.write_text(json.dumps(figures, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")

    with (
        contextlib.suppress(KeyboardInterrupt),
        tempfile.TemporaryDirectory(prefix="gongkai-bench-") as held,
    ):
        folder = Path(held)
        folder.chmod(0o755)
        data, told = folder / "data", folder / "press.json"
        figures["press"] = []
        worker = [sys.executable, __file__, "--worker", str(data), str(told), "--sizes", ",".join(map(str, sizes))]
        process = subprocess.Popen(worker, stdin=subprocess.DEVNULL, start_new_session=True)
        try:
            if process.wait():
                raise SystemExit("the press did not finish")
        finally:
            process.terminate()
            process.wait()
        figures["press"] = json.loads(told.read_text())
        keep()
        if shutil.which("hugo"):
            version = subprocess.run(["hugo", "version"], capture_output=True, text=True, check=False).stdout
            figures["machine"] += "; Hugo " + "".join(re.findall(r"v(\d+\.\d+)", version)[:1])
            for size in [r["size"] for r in figures["press"] if r["seconds"]]:
                say(f"Hugo {size:,}")
                for key, one_core in (("hugo", False), ("hugo_one_core", True)):
                    figures.setdefault(key, []).append(hugo(folder / f"hugo-{size}", size, one_core))
                shutil.rmtree(folder / f"hugo-{size}")
        else:
            figures["left_out"].append("Hugo is not on this machine (Debian: apt-get install hugo)")
        keep()
        if not args.wagtail_python:
            figures["left_out"].append("Wagtail was not measured: --wagtail-python names an interpreter that has it")
        load = os.getloadavg()[0]
        figures["served"] = hand_out(data, folder, args.wagtail_python, QUICK_SECONDS if args.quick else SECONDS, say)
        figures["served_load"] = [load, os.getloadavg()[0]]
        keep()
        show(figures, Console(width=None if sys.stdout.isatty() else 180))
        return
    raise SystemExit(130)


if __name__ == "__main__":
    main()
