"""From a paper to the lines of a 主动公开目录 or 基层政务公开标准目录, and back. Plain Python, no Django."""

from gongkai.scheme.reading.limits import Kind, Limit, read_limit
from gongkai.scheme.reading.lines import line_of
from gongkai.scheme.reading.model import Channel, Directory, Levels, Line, Mark, Place
from gongkai.scheme.reading.reader import NoDirectory, directory_of, read_directory
from gongkai.scheme.reading.writing import write_directory, write_template

__all__ = [
    "Channel",
    "Directory",
    "Kind",
    "Levels",
    "Limit",
    "Line",
    "Mark",
    "NoDirectory",
    "Place",
    "directory_of",
    "line_of",
    "read_directory",
    "read_limit",
    "write_directory",
    "write_template",
]
