"""Nodes of the XML inside office files, whatever their namespace."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def local(node: Any) -> str:
    """A tag without its namespace."""
    return node.tag.rsplit("}", 1)[-1] if isinstance(node.tag, str) else ""


def named(node: Any, *names: str) -> Iterator[Any]:
    """All nodes of these names below and itself, in order."""
    return (n for n in node.iter() if local(n) in names)


def attribute(node: Any, name: str) -> str:
    """An attribute by its name without namespace."""
    for key, value in node.attrib.items():
        if key.rsplit("}", 1)[-1] == name:
            return str(value)
    return ""


def is_on(node: Any) -> bool:
    """Whether a property that is merely there, or says so, is on."""
    return attribute(node, "val") not in ("0", "false", "off", "none")


def drop(node: Any) -> None:
    """Take a node out, with the blanks behind it; text behind it stays."""
    parent = node.getparent()
    if parent is None:
        return
    if node.tail and node.tail.strip():
        before = node.getprevious()
        if before is not None:
            before.tail = (before.tail or "") + node.tail
        else:
            parent.text = (parent.text or "") + node.tail
    parent.remove(node)


def unwrap(node: Any) -> None:
    """Put the children of a node in its place."""
    parent = node.getparent()
    if parent is None:
        return
    at = parent.index(node)
    for child in reversed(list(node)):
        parent.insert(at, child)
    drop(node)
