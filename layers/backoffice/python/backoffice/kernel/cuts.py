"""Rows cut by account bucket and kept in one object, so that any bucket of them is one read."""

from backoffice.kernel.parts import Document


class Cut(Document):
    """One object of Parquet slices, one after another, a slice an account bucket.

    The slices lie in the order of their buckets' reversed bits: those that make up one bucket of
    a coarser cut lie side by side.

    Attributes
    ----------
    buckets
        A power of two: how many slices there are.
    ends
        Where each slice ends, in bytes, in the order in which they lie; without rows it has none.
    """

    key: str
    rows: int
    buckets: int
    ends: tuple[int, ...]

    @property
    def bounds(self) -> tuple[int, ...]:
        """Where the first slice begins, and where each ends."""
        return (0, *self.ends)

    def bounds_of(self, bucket: int, buckets: int) -> tuple[int, ...]:
        """Where the first slice that may hold rows of `bucket` of `buckets` begins, and each ends.

        Of a finer cut than this one's the slice holds other buckets' rows, too.
        """
        asked = min(buckets, self.buckets)
        wide = self.buckets // asked
        first = reversed_bits(bucket & (asked - 1), asked) * wide
        return self.bounds[first : first + wide + 1]


def reversed_bits(bucket: int, buckets: int) -> int:
    """Return a bucket's place among `buckets`, a power of two.

    Examples
    --------
    >>> [reversed_bits(bucket, 8) for bucket in range(8)]
    [0, 4, 2, 6, 1, 5, 3, 7]
    """
    digits = buckets.bit_length() - 1
    return int(f"{bucket:0{digits}b}"[::-1], 2) if digits else 0
