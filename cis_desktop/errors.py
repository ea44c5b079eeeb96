"""Expected trouble, in words a volunteer can act on.

A `CisError` is something that can go wrong in ordinary use. It has a short title, and a sentence that says what
happened, what it means for the data, and what to do. Anything else that is raised is a bug.
"""

from __future__ import annotations


class CisError(Exception):
    """Say what went wrong: `code` for programs, `title` and `sentence` for people."""

    def __init__(self, code: str, title: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.title = title
        self.sentence = sentence

    def as_json(self) -> dict[str, str]:
        """Give the object that the command line prints under `error`."""
        return {"code": self.code, "title": self.title, "sentence": self.sentence}
