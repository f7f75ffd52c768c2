"""Names that stand whole in a text, between two marks that can only part names."""

from __future__ import annotations

import re

from gongkai.plans.reading.masks import Mask, is_nothing
from gongkai.plans.reading.responsibility import LABEL, VERB
from gongkai.plans.reading.units import Known, is_unit, part_glued


def whole_names(text: str) -> list[str]:
    """Names in a responsibility text that neither a line end nor a missing separator can have broken."""
    if is_nothing(text):
        return []
    mask = Mask(text)
    body = VERB.sub("、", LABEL.sub("、", mask.text))
    found = []
    for chunk in re.split(r"[、，,；;。|｜:：]", body):
        chunk = chunk.strip()
        if not chunk or re.search(r"\s", chunk):
            continue
        name = mask.open(chunk)
        if is_unit(name) and part_glued(name, Known()) == [name]:
            found.append(name)
    return found
