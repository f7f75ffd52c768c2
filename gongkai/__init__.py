"""gongkai (公开): open government for Chinese local bodies."""

__version__ = "0.1.0"
