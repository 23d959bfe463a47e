"""What spreadsheets would run as a formula, made harmless."""

import re

FORMULA = re.compile("[\\s\u200b\ufeff]*[=+\\-@＝＋－＠]|[\t\r\n]")
NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?", re.ASCII)


def harmless(text: str) -> str:
    """A text that a program could take for a formula gets an apostrophe in front: the one change to what was typed."""
    return text if text[:1].isalnum() or not FORMULA.match(text) else f"'{text}"


def harmless_fact(text: str) -> str:
    """Facts are texts too; a negative sum among them stays a number."""
    return text if NUMBER.fullmatch(text) else harmless(text)
