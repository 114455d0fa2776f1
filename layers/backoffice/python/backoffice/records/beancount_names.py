"""Names of the books as beancount allows them, and back.

A component of an account must start with a capital letter or a digit and go on with letters,
digits and dashes. Letters and digits of ASCII stand for themselves, `--` for a dash and `-2e-` (its
code in hex) for any other character; what would not start as it must gets `X-x-` before it, which
nothing else becomes.
"""

import re
from typing import Final

from backoffice.kernel.errors import NotExactError

_PREFIX: Final = "X-x-"
_STARTS_WELL: Final = re.compile(r"[A-Z0-9]")
_ESCAPED: Final = re.compile(r"-([0-9a-f]*)-")
_PLAIN_COMPONENT: Final = re.compile(r"[A-Za-z0-9]")
_PLAIN_LINK: Final = re.compile(r"[A-Za-z0-9.-]")
_OWN_ROOT: Final = "Securities"
_ROOT: Final = "Assets"
_ROOTS: Final = frozenset({"Assets", "Liabilities", "Equity", "Income", "Expenses"})


def account_name(account: str) -> str:
    """Return beancount's name of an account: `Securities:` stands under `Assets:`.

    Raises
    ------
    NotExactError
        When the account stands under no root that beancount knows.
    """
    root, *rest = account.split(":")
    names = [_component(part) for part in rest]
    if root == _OWN_ROOT:
        return ":".join([_ROOT, _OWN_ROOT, *names])
    if root not in _ROOTS:
        raise NotExactError(f"{account!r} stands under none of {', '.join(sorted(_ROOTS))}")
    if rest[:1] == [_OWN_ROOT]:
        # not to be taken for the books of their own
        names[0] = _PREFIX + names[0]
    return ":".join([root, *names])


def original_account(name: str) -> str:
    """Return the account whose `account_name` this is."""
    root, *rest = name.split(":")
    originals = [_ESCAPED.sub(_unescaped, part.removeprefix(_PREFIX)) for part in rest]
    if [root, *rest[:1]] == [_ROOT, _OWN_ROOT]:
        return ":".join(originals)
    return ":".join([root, *originals])


def link_name(entry_id: str) -> str:
    """Return a link of its own for an entry: `:` becomes `/`, `_` doubles, others their code."""
    parts = entry_id.split(":")
    return "/".join(_escape(part, _PLAIN_LINK, "_") for part in parts)


def _component(part: str) -> str:
    escaped = _escape(part, _PLAIN_COMPONENT, "-")
    return escaped if _STARTS_WELL.match(escaped) else _PREFIX + escaped


def _escape(text: str, plain: re.Pattern[str], mark: str) -> str:
    return "".join(
        character
        if plain.match(character)
        else mark + ("" if character == mark else f"{ord(character):x}") + mark
        for character in text
    )


def _unescaped(match: re.Match[str]) -> str:
    return chr(int(match[1], 16)) if match[1] else "-"
