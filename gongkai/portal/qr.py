"""A QR code as SVG inside the page."""

from __future__ import annotations

import io

import segno


def svg(address: str) -> str:
    """The code of an address, drawn without style or script."""
    out = io.BytesIO()
    code = segno.make(address, error="m", micro=False)
    code.save(
        out,
        kind="svg",
        scale=4,
        border=2,
        xmldecl=False,
        svgns=False,
        nl=False,
        omitsize=False,
        lineclass=None,
        svgclass="qr",
    )
    return out.getvalue().decode()
