"""From a measured day to a day of another size.

A day's *calls* come by the piece of work: a machine's step, a file, a range of a file, a bucket of
accounts. They do not grow with the trades, but the ranges and buckets do. Its *amounts*, time,
units and bytes, grow as they were seen to grow between days of two sizes; so does a call, if it was
seen to grow by more.
"""

from fractions import Fraction
from math import ceil
from typing import Final

from backoffice.costs.growth import Growth
from backoffice.costs.meters import AMOUNTS
from backoffice.costs.usage import Side, Usage, Use, total
from backoffice.intake.day_inputs import ROWS_PER_BUCKET
from backoffice.intake.plan_file import RANGE_BYTES
from backoffice.intake.staging import buckets_for

_RANGE_STEP: Final = "capture_range"
_BUCKET_STEPS: Final = frozenset({"clear_trades", "book_accounts"})
_PER_PIECE_EVERYWHERE: Final = frozenset({"s3_write_requests", "s3_read_requests"})
"""Steps that bring pieces together read and write each of them."""


def project(day: Usage, trades: int, growth: Growth) -> tuple[Use, ...]:
    """Return what the day would have used on its files' side with so many trades.

    Parameters
    ----------
    day
        A measured day that took trades.
    trades
        How many it is to have.
    growth
        What a trade adds.
    """
    pieces = _Pieces(day, trades)
    more = trades - day.trades
    return tuple(
        use.model_copy(update={"count": ceil(_count(use, more, pieces, growth))})
        for use in day.of(Side.FILES)
    )


def _count(use: Use, more: int, pieces: "_Pieces", growth: Growth) -> Fraction:
    seen = max(Fraction(0), use.count + growth.more(use, more))
    return seen if use.meter in AMOUNTS else max(use.count * pieces.of(use), seen)


class _Pieces:
    """How many times the pieces of work of a measured day another day has."""

    def __init__(self, day: Usage, trades: int) -> None:
        before = buckets_for(day.trades, ROWS_PER_BUCKET)
        self._buckets = Fraction(buckets_for(trades, ROWS_PER_BUCKET), before)
        dropped = total((use for use in day.uses if use.caller == "partner"), "s3_stored_bytes")
        captures = (use for use in day.uses if use.step == _RANGE_STEP)
        files = max(1, total(captures, "lambda_requests"))
        a_file = Fraction(max(0, dropped), files)
        then = a_file * Fraction(trades, day.trades)
        self._ranges = Fraction(_ranges(then), _ranges(a_file))

    def of(self, use: Use) -> Fraction:
        """Return by how much a call comes more often."""
        if use.step == _RANGE_STEP:
            return self._ranges
        if use.step in _BUCKET_STEPS or use.meter in _PER_PIECE_EVERYWHERE:
            return self._buckets
        return Fraction(1)


def _ranges(file_bytes: Fraction) -> int:
    return max(1, ceil(file_bytes / RANGE_BYTES))
