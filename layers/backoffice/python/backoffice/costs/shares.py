"""What part of a whole each of its parts is, so that the parts come to the whole."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

_WHOLE: Final = 10_000


def shares_of(parts: Sequence[Decimal]) -> list[int]:
    """Return the share of each part (none below 0) in hundredths of a percent.

    They come to 10,000: what cutting off leaves goes to those that lost the most, of equals to the
    first. Of nothing each has none.

    Examples
    --------
    >>> shares_of([Decimal(1), Decimal(1), Decimal(1)])
    [3334, 3333, 3333]
    """
    whole = sum(parts, Decimal(0))
    if not whole:
        return [0 for _ in parts]
    cut = [divmod(part * _WHOLE, whole) for part in parts]
    shares = [int(share) for share, _ in cut]
    lost = sorted(range(len(parts)), key=lambda place: (-cut[place][1], place))
    for place in lost[: _WHOLE - sum(shares)]:
        shares[place] += 1
    return shares
