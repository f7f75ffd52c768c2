"""Everything that is kept, in one zip, the same for every database; and back.

Rows are JSON lines, one file for each table; files lie beside them under their digests; the manifest holds the counts
and the end of the chain, which a restore compares. The site's key is not in it: it signs sessions only, and a restored
site makes its own.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core import serializers
from django.core.exceptions import ValidationError
from django.core.management.color import no_style
from django.core.serializers.base import DeserializationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models, transaction

from gongkai import __version__
from gongkai.base.actions import path_of
from gongkai.base.files import write_whole
from gongkai.base.issues import refuse
from gongkai.base.models import File
from gongkai.base.reads import check_chain, check_files, head


class _Whole(DjangoJSONEncoder):
    """Moments with all their digits: the chain covers microseconds, Django's own encoder cuts them."""

    def default(self, o: Any) -> Any:
        return o.isoformat() if isinstance(o, dt.datetime) else super().default(o)


KEPT = ("site.toml", "search/synonyms.toml")
"""Files beside the database that people wrote: what the site says of itself, a site's own synonyms."""


def tables() -> list[type[models.Model]]:
    """Every table of every room, those that others refer to first; two that refer to each other come as they may, for
    references are checked at the end of the transaction only."""
    rooms = [config for config in apps.get_app_configs() if config.name.startswith("gongkai.")]
    wanted = [m for room in rooms for m in room.get_models() if m._meta.managed]
    ordered: list[type[models.Model]] = []
    begun: set[type[models.Model]] = set()

    def place(model: type[models.Model]) -> None:
        if model in begun:
            return
        begun.add(model)
        for field in model._meta.concrete_fields:
            target = field.related_model
            if isinstance(target, type) and target in wanted and target is not model:
                place(target)
        ordered.append(model)

    for model in wanted:
        place(model)
    return ordered


def counts() -> dict[str, int]:
    """Rows of each table."""
    return {m._meta.label_lower: m._default_manager.count() for m in tables()}


def write_backup(path: Path, told: Callable[[str], None] = lambda _: None) -> dict[str, Any]:
    """Write the zip aside and move it into place: an interrupted backup leaves no half file. Returns its manifest."""
    held = path.with_name(path.name + ".part")
    try:
        with transaction.atomic(), zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as out:
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            seq, digest = head()
            manifest = {"gongkai": __version__, "seq": seq, "hash": digest, "counts": counts()}
            for model in tables():
                told(model._meta.label_lower)
                with out.open(f"rows/{model._meta.label_lower}.jsonl", "w") as raw:
                    text = io.TextIOWrapper(raw, "utf-8", write_through=True)
                    rows = model._default_manager.order_by("pk").iterator(chunk_size=2000)
                    serializers.serialize("jsonl", rows, stream=text, cls=_Whole)
            for file in File.objects.order_by("digest").iterator():
                told(file.name)
                out.write(path_of(file.digest), f"files/{file.digest}", zipfile.ZIP_STORED)
            for name in KEPT:
                own = Path(settings.GONGKAI_DATA_DIR) / name
                if own.is_file():
                    out.write(own, f"kept/{name}")
            out.writestr("manifest.json", json.dumps(manifest, ensure_ascii=False, indent=1))
        held.replace(path)
    except BaseException:
        held.unlink(missing_ok=True)
        raise
    return manifest


def read_backup(path: Path, told: Callable[[str], None] = lambda _: None) -> dict[str, Any]:
    """Bring a backup into an empty site, all or nothing; counts, chain and files are compared. Returns its manifest."""
    if any(counts().values()):
        raise refuse("restore.full", "这个系统里已经有数据；恢复只能到空的系统，请用 GONGKAI_DATA_DIR 另指一个文件夹。")
    try:
        backup = zipfile.ZipFile(path)
        manifest: dict[str, Any] = json.loads(backup.read("manifest.json"))
    except (OSError, zipfile.BadZipFile, KeyError, ValueError) as error:
        raise refuse("restore.file", f"{path}：不是完整的备份文件。") from error
    with backup, transaction.atomic():
        for name in backup.namelist():
            digest = name.removeprefix("files/")
            if name.startswith("files/") and len(digest) == 64 and digest.isalnum():
                write_whole(path_of(digest), backup.read(name))
        for name in KEPT:
            if f"kept/{name}" in backup.namelist():
                write_whole(Path(settings.GONGKAI_DATA_DIR) / name, backup.read(f"kept/{name}"), mode=0o644)
        for model in tables():
            label = model._meta.label_lower
            told(label)
            try:
                with backup.open(f"rows/{label}.jsonl") as raw:
                    _insert(model, serializers.deserialize("jsonl", io.TextIOWrapper(raw, "utf-8")))
            except (KeyError, ValueError, zipfile.BadZipFile, DeserializationError, ValidationError) as error:
                raise refuse("restore.rows", f"备份里的{label}读不出来，文件可能损坏；没有恢复任何内容。") from error
        with connection.cursor() as cursor:
            for sql in connection.ops.sequence_reset_sql(no_style(), tables()):
                cursor.execute(sql)
        if counts() != manifest["counts"] or head() != (manifest["seq"], manifest["hash"]):
            raise refuse("restore.differs", "恢复出来的条数或链尾和备份不一样，没有恢复任何内容。")
        broken = check_chain()
        bad = [broken.say] if broken else check_files()
        if bad:
            raise refuse("restore.broken", f"备份本身有问题：{bad[0]}；没有恢复任何内容。")
    return manifest


def _insert(model: type[models.Model], rows: Iterator[Any]) -> None:
    batch: list[Any] = []

    def flush() -> None:
        model._default_manager.bulk_create([r.object for r in batch])
        for row in batch:
            for accessor, values in (row.m2m_data or {}).items():
                getattr(row.object, accessor).set(values)
        batch.clear()

    for row in rows:
        batch.append(row)
        if len(batch) == 1000:
            flush()
    flush()
