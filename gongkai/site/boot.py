"""Starting Django for a command, and bringing the database up to date."""

from __future__ import annotations

import atexit
import os
import shutil
import sys
import tempfile
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command


def boot(*, kept: bool = True) -> None:
    """Settings from the environment; a data folder that cannot be written is said in one line.

    For what is not `kept` the data folder is a temporary one, gone with the process.
    """
    if not kept and not settings.configured:
        folder = os.environ["GONGKAI_DATA_DIR"] = tempfile.mkdtemp(prefix="gongkai-")
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gongkai.site.settings")
    try:
        django.setup()
    except OSError as error:
        where = os.environ.get("GONGKAI_DATA_DIR") or "data"
        print(f"数据文件夹 {where} 不能写（{error.strerror}）；请用 GONGKAI_DATA_DIR 指一个可以写的。", file=sys.stderr)
        raise SystemExit(2) from error
    except ValueError as error:
        if type(error).__name__ != "BadKind":
            raise
        print(f"信息种类的文件有问题，没有启动。{error}", file=sys.stderr)
        raise SystemExit(2) from error


def migrate() -> None:
    """Make or bring up to date the tables. Quick when there is nothing to do."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    Path(settings.GONGKAI_DATA_DIR).mkdir(parents=True, exist_ok=True)
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", verbosity=0, interactive=False)


def gather_static() -> None:
    """Copy style sheets and scripts to where the server reads them."""
    # Emptied first: a file of the wheel may carry an older time than the copy of the version before it.
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
