"""Why a document cannot be read, in words for the person who brought it."""


class PaperRefused(ValueError):
    """A document that cannot be read; the message is one Chinese line: what is wrong and what to do."""
