"""Old Word, WPS and RTF files by way of LibreOffice, when it is installed."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from gongkai.papers.refusal import PaperRefused

TIMEOUT_SECONDS = 60


def soffice() -> str | None:
    """The path of LibreOffice's program, None when it is not installed."""
    for name in ("soffice", "libreoffice"):
        found = shutil.which(name)
        if found:
            return found
    return None


def convert(data: bytes, suffix: str, target: str) -> bytes:
    """Convert `data` (a file with `suffix`) to `target` (docx, xlsx, pdf) with LibreOffice.

    Raises `PaperRefused` naming the package when it is missing, or when the file cannot be converted.
    """
    program = soffice()
    if program is None:
        raise PaperRefused(
            "读取 .doc、.wps 等旧格式需要 LibreOffice：请安装软件包 libreoffice-writer（表格用 libreoffice-calc），"
            "或先用 WPS/Word 把文件另存为 .docx 再试。"
        )
    with tempfile.TemporaryDirectory(prefix="gongkai-") as folder:
        source = Path(folder) / f"source{suffix}"
        source.write_bytes(data)
        # A profile of its own: an open LibreOffice of the user must neither block nor be changed.
        command = [
            program,
            f"-env:UserInstallation={(Path(folder) / 'profile').as_uri()}",
            "--headless",
            "--norestore",
            "--convert-to",
            target,
            "--outdir",
            folder,
            str(source),
        ]
        process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        try:
            process.wait(TIMEOUT_SECONDS)
        except subprocess.TimeoutExpired as error:
            raise PaperRefused("LibreOffice 转换超时；请先用 WPS/Word 把文件另存为 .docx 再试。") from error
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        result = Path(folder) / f"source.{target}"
        if not result.exists():
            raise PaperRefused("LibreOffice 打不开这个文件，可能已加密或损坏；请用 WPS/Word 打开后另存为 .docx 再试。")
        return result.read_bytes()
