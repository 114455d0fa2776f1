"""Lines of FIX as columns, one a tag: many of one order of tags at once, odd ones one by one."""

from collections.abc import Iterator, Sequence
from typing import Final

import polars as pl

from backoffice.formats.fix.lines import BAR_LESS_SOH, is_tag
from backoffice.formats.fix.odd_messages import is_utf8, read_one_by_one
from backoffice.formats.fix.structures import NO_FIELDS, Structure, structure_of
from backoffice.formats.fix.tag_columns import (
    ENTRIES,
    FAULT,
    NOTHING,
    ROW,
    SIZE,
    SUM,
    UNKNOWN,
    UNKNOWN_NAMES,
)
from backoffice.formats.fix.tags import DATA, PASSED

_TAGS_AT_MOST: Final = 100
_SEPARATORS: Final = {"\x01": r"\x01", "|": r"\|"}
_ONE_BY_ONE: Final = 16
"""Up to so many lines of one order of tags, reading each by itself is quicker."""

_LINE, _KEY = "line", "key"


def message_fields(
    lines: Sequence[bytes], first_row: int, one_by_one: int = _ONE_BY_ONE
) -> pl.DataFrame:
    """Read the fields of messages, one a line.

    Parameters
    ----------
    lines
        Each less its line feed; none blank.
    first_row
        The first one's number.
    one_by_one
        See `_ONE_BY_ONE`; how many changes nothing that is read.

    Returns
    -------
    pl.DataFrame
        `row` (UInt32); `fault` (what is wrong with the order of the tags); `size` and `sum`
        (Int64: what BodyLength and CheckSum should say); by its tag each field that is looked at
        (String; `448.0` in a group's first entry; `#453` how many entries there are, Int64);
        `unknown` (JSON text of the tags no column is read from) and `unknown_names`. A line with
        a fault has nothing else.
    """
    texts, foreign = _decoded(lines)
    odd = sorted(foreign)
    frames = [NOTHING]
    for key, separator, group in _alike(texts, foreign):
        structure = _structure_of_key(key) if group.height > one_by_one else None
        if structure is None:
            odd += group[ROW].to_list()
        elif structure.fault is None:
            frames.append(_columns(group, structure, separator))
        else:
            frames.append(group.select(ROW, pl.lit(structure.fault).alias(FAULT)))
    frames.append(read_one_by_one([(place, lines[place]) for place in odd]))
    found = pl.concat(frames, how="diagonal").sort(ROW)
    return found.with_columns(pl.col(ROW) + first_row)


def _decoded(lines: Sequence[bytes]) -> tuple[list[str], set[int]]:
    """Read lines as UTF-8; return which are not, and so are in ISO 8859-1."""
    try:
        return b"\n".join(lines).decode().split("\n") if lines else [], set()
    except UnicodeDecodeError:
        foreign = {place for place, line in enumerate(lines) if not is_utf8(line)}
        kept = [b"" if place in foreign else line for place, line in enumerate(lines)]
        return b"\n".join(kept).decode().split("\n"), foreign


def _alike(texts: list[str], foreign: set[int]) -> Iterator[tuple[str, str, pl.DataFrame]]:
    """Yield lines whose tags stand in one order: `8=9=35=…10=`, the separator, row and line."""
    rows = pl.DataFrame({_LINE: texts}, schema={_LINE: pl.String}).with_row_index(ROW)
    if foreign:
        rows = rows.filter(~pl.col(ROW).is_in(list(foreign)))
    by_bar = pl.col(_LINE).str.contains(r"^8=[^\x01|]*\|")
    for separator, chosen in (("\x01", ~by_bar), ("|", by_bar)):
        marks = pl.col(_LINE).str.count_matches(separator, literal=True)
        counted = rows.filter(chosen).with_columns(marks.alias(_KEY))
        for _, some in counted.group_by(_KEY, maintain_order=True):
            for key, group in _of_one_order(some, _SEPARATORS[separator]):
                yield key, separator, group


def _of_one_order(rows: pl.DataFrame, mark: str) -> Iterator[tuple[str, pl.DataFrame]]:
    """Part lines by the order of their tags; mostly lines of as many fields stand in one."""
    value = f"=[^{mark}]*(?:{mark}|$)"
    key = pl.col(_LINE).str.replace_all(value, "=").alias(_KEY)
    first = str(rows.head(1).select(key).item())
    *tags, rest = first.split("=")
    # a line of very many fields makes an expression that the engine does not take
    if not rest and len(tags) <= _TAGS_AT_MOST and all(map(is_tag, tags)):
        order = "^" + f"=[^{mark}]*{mark}".join(tags) + f"=[^{mark}]*{mark}?$"
        if rows.select(pl.col(_LINE).str.contains(order).all()).item():
            yield first, rows
            return
    for (each,), group in rows.with_columns(key).group_by(_KEY, maintain_order=True):
        yield str(each), group


def _structure_of_key(key: str) -> Structure | None:
    """Read the order of tags; None where data in a field may hold separators."""
    *tags, rest = key.split("=")
    if not DATA.keys().isdisjoint(tags):
        return None
    return Structure(fault=NO_FIELDS) if rest else structure_of(tuple(tags))


def _columns(group: pl.DataFrame, structure: Structure, separator: str) -> pl.DataFrame:
    """Cut lines of one order of tags into columns."""
    count = max(structure.places.values()) + 1
    cut = group[_LINE].str.split_exact(separator, count).struct.unnest()
    frame = group.hstack(cut)

    def field(tag: str, place: int) -> pl.Expr:
        return pl.col(f"field_{place}").str.strip_prefix(f"{tag}=")

    known = [
        field(column.partition(".")[0], place).alias(column)
        for column, place in structure.places.items()
        if column not in PASSED
    ]
    said = [pl.lit(n, dtype=pl.Int64).alias(f"{ENTRIES}{t}") for t, n in structure.entries.items()]
    unknown = {
        tag: [field(tag, place) for place in places] for tag, places in structure.unknown.items()
    }
    names = pl.lit(",".join(unknown) or None, dtype=pl.String).alias(UNKNOWN_NAMES)
    return frame.select(ROW, *known, *said, *_frame_of(count, separator), _json(unknown), names)


def _frame_of(count: int, separator: str) -> tuple[pl.Expr, pl.Expr]:
    """Return what BodyLength and CheckSum should say of lines whose last field is 10."""
    line, last = pl.col(_LINE), pl.col(f"field_{count - 1}")
    ends = line.str.ends_with(separator).cast(pl.Int64)
    before = pl.sum_horizontal(pl.col(f"field_{at}").str.len_bytes() + 1 for at in (0, 1))
    length = line.str.len_bytes().cast(pl.Int64)
    size = length - before.cast(pl.Int64) - last.str.len_bytes().cast(pl.Int64) - ends
    total = _bytes_of(line) - _bytes_of(last) - ends * ord(separator)
    bars = (count - 1) * BAR_LESS_SOH if separator == "|" else 0
    return size.alias(SIZE), ((total - bars) % 256).alias(SUM)


def _bytes_of(text: pl.Expr) -> pl.Expr:
    return text.cast(pl.Binary).cast(pl.List(pl.UInt8)).list.sum().cast(pl.Int64)


def _json(unknown: dict[str, list[pl.Expr]]) -> pl.Expr:
    """Write unknown tags as JSON text; null where they are all empty or there are none."""
    if not unknown:
        return pl.lit(None, dtype=pl.String).alias(UNKNOWN)
    given = {tag: [pl.when(v != "").then(v) for v in values] for tag, values in unknown.items()}
    members = [
        (values[0] if len(values) == 1 else pl.concat_list(values)).alias(tag)
        for tag, values in given.items()
    ]
    some = pl.any_horizontal(value.is_not_null() for values in given.values() for value in values)
    return pl.when(some).then(pl.struct(members).struct.json_encode()).alias(UNKNOWN)
