"""One verb: a paper becomes a directory.

Source: law.md §5; 国办发〔2019〕54号 (基层政务公开标准目录) and 《政府信息公开条例》第十二条 (政府信息公开目录).
"""

from __future__ import annotations

from pathlib import Path

from gongkai.papers import Paper, PaperRefused
from gongkai.papers import read as read_paper
from gongkai.scheme.reading.headers import LABELS
from gongkai.scheme.reading.model import Directory
from gongkai.scheme.reading.tables import Reading

NO_DIRECTORY = (
    "文件能打开，但没有找到公开目录的表头：要有“公开事项”（一级事项、二级事项）或“公开内容（要素）”一栏，"
    "并至少有“公开依据”“公开时限”“公开主体”“公开渠道和载体”“公开对象”“公开方式”“公开层级”中的两栏；请核对是否选错了文件。"
)


class NoDirectory(PaperRefused):
    """A document that can be read and is no directory. `rule` is the short code of the refusal."""

    rule = "scheme.no_directory"


def read_directory(path: str | Path) -> Directory:
    """Read the 主动公开目录 or 基层政务公开标准目录 in the file at `path`.

    Raises `PaperRefused` (one Chinese line) for a file that cannot be read, `NoDirectory` for one that is no directory.
    """
    directory = directory_of(read_paper(path))
    directory.file = str(path)
    return directory


def directory_of(paper: Paper) -> Directory:
    """Turn a paper into a directory. Raises `NoDirectory` when no table has the header of one."""
    reading = Reading(paper)
    directory = reading.read()
    if not reading.formed:
        raise NoDirectory(NO_DIRECTORY)
    directory.doubts = [*paper.warnings, *directory.doubts]
    if not directory.lines:
        directory.doubts.append("表头齐全，但没有一行内容")
    have = {part for role in directory.columns for part in role.split("+")}
    for names in (
        ("basis",),
        ("limit",),
        ("owner",),
        ("channels", "method", "form"),
        ("audience", "audience_all", "audience_group"),
        ("method", "proactive", "on_request"),
        ("levels", "county", "township", "village"),
    ):
        if not have & set(names):
            asked = {"audience": "公开对象", "method": "公开方式", "levels": "公开层级"}.get(names[0], LABELS[names[0]])
            directory.doubts.append(f"表中没有“{asked}”一栏")
    return directory
