"""Elements of messages made from columns: a statement for all records of a file."""

from typing import Final

import polars as pl

_ENTITIES: Final = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;"}
_LONGEST_NAME: Final = 140
# what XML cannot hold, and blanks a reader might not give back as they were
_UNPRINTABLE: Final = r"[^\x{20}-\x{7e}\x{a0}-\x{d7ff}\x{e000}-\x{fffd}\x{10000}-\x{10ffff}]+"
# what is not seen and turns or joins what is: marks of direction, of no width, of where to break
_UNSEEN: Final = r"[\x{ad}\x{200b}-\x{200f}\x{2028}-\x{202e}\x{2060}-\x{206f}\x{feff}]"
_NO_ID: Final = "[^A-Z0-9]"
_LONGEST_ID: Final = 33
"""Of 35 letters two are the country's."""
_NAMELESS: Final = "-"


def each(column: str, tag: str) -> pl.Expr:
    """Write codes joined by `;`, an element each."""
    inside = pl.col(column).str.replace_all(";", f"</{tag}><{tag}>", literal=True)
    return optional(inside, tag)


def both(*pieces: pl.Expr | str) -> pl.Expr:
    """Put pieces together; null where one of them is."""
    return pl.concat_str(pl.lit(p) if isinstance(p, str) else p for p in pieces)


def element(name: str, inside: pl.Expr) -> pl.Expr:
    """Write an element around what is inside."""
    return pl.concat_str(pl.lit(f"<{name}>"), inside, pl.lit(f"</{name}>"))


def optional(inside: pl.Expr, name: str) -> pl.Expr:
    """Write an element, or nothing where there is nothing inside."""
    return element(name, inside).fill_null("")


def truth(column: str) -> pl.Expr:
    """Write true or false."""
    return pl.when(pl.col(column)).then(pl.lit("true")).otherwise(pl.lit("false"))


def escaped(text: pl.Expr) -> pl.Expr:
    """Escape what XML would read as markup; what it cannot hold is a blank."""
    plain = text.str.replace_all(_UNSEEN, "").str.replace_all(_UNPRINTABLE, " ").str.strip_chars()
    return plain.str.replace_many(list(_ENTITIES), list(_ENTITIES.values()))


def escaped_text(column: str) -> pl.Expr:
    """Return an escaped column."""
    return escaped(pl.col(column))


def upper(column: str) -> pl.Expr:
    """Return an escaped column in capitals, as names are written; one of nothing is a dash."""
    name = escaped(pl.col(column).str.to_uppercase().str.slice(0, _LONGEST_NAME))
    return pl.when(name == "").then(pl.lit(_NAMELESS)).otherwise(name)


def identifier(column: str) -> pl.Expr:
    """Return a column as numbers of people are written: capitals and digits, 33 at most."""
    plain = pl.col(column).str.to_uppercase().str.replace_all(_NO_ID, "")
    return plain.str.slice(0, _LONGEST_ID)
