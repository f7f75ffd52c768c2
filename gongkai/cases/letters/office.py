"""Letters as PDF by way of LibreOffice, where it is installed."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from gongkai.base.issues import refuse
from gongkai.papers.office import soffice

_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
</oor:items>
"""


def to_pdf(docx: bytes, *, timeout: float = 60) -> bytes | None:
    """The letter as PDF, None when LibreOffice is not installed.

    Raises Refused when it does not finish in `timeout` seconds or cannot open the document.
    """
    found = to_pdfs({"letter": docx}, timeout=timeout)
    return None if found is None else found["letter"]


def to_pdfs(letters: Mapping[str, bytes], *, timeout: float = 60) -> dict[str, bytes] | None:
    """Several letters with one start of the program, which takes longer than the letters do. As `to_pdf`."""
    program = soffice()
    if program is None:
        return None
    if not letters:
        return {}
    with tempfile.TemporaryDirectory(prefix="gongkai-") as folder:
        home = Path(folder)
        # A profile of its own: an open LibreOffice must neither block nor be changed, and no macro may run.
        settings = home / "profile" / "user" / "registrymodifications.xcu"
        settings.parent.mkdir(parents=True)
        settings.write_text(_PROFILE, "utf-8")
        names = {f"{at}": name for at, name in enumerate(letters)}
        sources = []
        for stem, name in names.items():
            source = home / f"{stem}.docx"
            source.write_bytes(letters[name])
            sources.append(str(source))
        command = [program, f"-env:UserInstallation={(home / 'profile').as_uri()}", "--headless", "--norestore"]
        command += ["--nolockcheck", "--convert-to", "pdf", "--outdir", folder, *sources]
        _run(command, timeout)
        out: dict[str, bytes] = {}
        for stem, name in names.items():
            made = home / f"{stem}.pdf"
            if not made.exists():
                raise refuse("letter.pdf", "LibreOffice 打不开这份文书，未能生成 PDF；请改用 .docx 文件。")
            out[name] = made.read_bytes()
        return out


def _run(command: list[str], timeout: float) -> None:
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        process.wait(timeout)
    except subprocess.TimeoutExpired as error:
        raise refuse("letter.pdf", "LibreOffice 转换超时，未能生成 PDF；请稍后再试，或者改用 .docx 文件。") from error
    finally:
        # soffice starts a program that does the work: the whole group goes, also when we are interrupted.
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
