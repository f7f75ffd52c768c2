"""`gongkai serve`: the web server, and beside it the process of the followers."""

from __future__ import annotations

import argparse
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from granian import Granian
from granian.constants import Interfaces

from gongkai.base.reads import lags
from gongkai.portal import paper, waiting
from gongkai.portal.press import missing, out_of_date, press_missing
from gongkai.site.boot import gather_static, migrate


def add_parser(commands: Any) -> None:
    """Add the command to the command line."""
    parser = commands.add_parser("serve", help="启动网站", add_help=False)
    parser.add_argument("-h", "--help", action="help", help="显示帮助")
    add_options(parser)


def add_options(parser: argparse.ArgumentParser) -> None:
    """Where to listen."""
    parser.add_argument("--host", default="127.0.0.1", help="监听的地址（默认 127.0.0.1，只有本机能访问）")
    parser.add_argument("--port", type=int, default=8000, help="端口（默认 8000）")
    parser.add_argument(
        "--workers", type=int, default=1, metavar="N", help="进程数（默认 1；用PostgreSQL时可以多几个）"
    )


def run(args: argparse.Namespace) -> int:
    """Serve until stopped; returns 0. Stopping ends the followers after the batch they are at."""
    migrate()
    return serve(args.host, args.port, args.workers)


def serve(host: str, port: int, workers: int) -> int:
    """Run the server and the followers on a database that is up to date."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            print(f"{host}:{port} 不能用（{error.strerror}）；请用 --port 换一个端口。", file=sys.stderr)
            return 2
    gather_static()
    behind = {name: lag for name, lag in lags().items() if lag}
    where = f"http://{host}:{port}/"
    print(f"网站 {where}　工作台 {where}desk/　数据在 {settings.GONGKAI_DATA_DIR}　按 Ctrl+C 停止", flush=True)
    if behind:
        print("　".join(f"{name} 还差{lag}条留痕" for name, lag in behind.items()), flush=True)
    press = _pages()
    follower = subprocess.Popen([sys.executable, "-m", "gongkai.site.followers"], env=os.environ.copy())
    try:
        Granian(
            "gongkai.site.wsgi:application",
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            workers=workers,
            blocking_threads=4,
            log_level="warning",  # type: ignore[arg-type]
            # Granian answers 404 by itself where a file is missing under a mount, so every page is pressed before.
            static_path_route=["/static", "/p"],
            static_path_mount=[Path(settings.STATIC_ROOT), paper.make_folder()],
            # One age for all mounts: what was withdrawn must be gone at once, so nothing is kept.
            static_path_expires=0,
        ).serve()
    finally:
        if press is not None:
            press.send_signal(signal.SIGINT)
        follower.send_signal(signal.SIGTERM)
        try:
            follower.wait(20)
        except subprocess.TimeoutExpired:
            follower.kill()
        if press is not None:
            press.wait()
    behind = {name: lag for name, lag in lags().items() if lag}
    print("已停止。" + ("　".join(f"{n} 还差{lag}条留痕，下次启动接着做" for n, lag in behind.items())), flush=True)
    return 0


def _pages() -> subprocess.Popen[bytes] | None:
    """Press what has no page yet; what was drawn with other templates is drawn again in a process beside."""
    count = len(missing())
    if count:
        print(f"正在生成{count}个公开页面……", flush=True)
    done = press_missing()
    if done.failed:
        print(f"有{done.failed}个公开页面没有生成，原因见日志。", file=sys.stderr, flush=True)
    if not (out_of_date() or waiting.left()):
        return None
    quiet = subprocess.DEVNULL
    return subprocess.Popen(
        [sys.executable, "-m", "gongkai", "press"], env=os.environ.copy(), stdout=quiet, stderr=quiet
    )
