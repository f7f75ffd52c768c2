"""Office documents in and out: files become one grid of cells and paragraphs, and tables become files."""

from gongkai.papers.grid import Cell, CellKind, Paper, Para, Table
from gongkai.papers.intake import read, read_bytes
from gongkai.papers.refusal import PaperRefused

__all__ = ["Cell", "CellKind", "Paper", "PaperRefused", "Para", "Table", "read", "read_bytes"]
