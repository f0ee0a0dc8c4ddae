"""Faults that whoever started a program can mend."""


class MendableError(Exception):
    """Something that was given is wrong or missing; the text says what, and no traceback is needed."""
