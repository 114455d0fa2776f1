"""Texts of rules, and rulebooks made of them."""

from collections.abc import Callable

from backoffice.kernel.rulebook import Rulebook

Write = Callable[[str], Rulebook]


def rule(value: str, dates: str, name: str = "fee") -> str:
    """Write one rule."""
    return f'[[{name}]]\nvalue = {value}\n{dates}\nsource = "the notice"\n'
