"""beancount's side of `bench.ledger`: load a file, which verifies it, and sum every account.

`python -m bench.sides.ledger_beancount JOURNAL OUT` writes OUT, a line an account and unit.
"""

import os
import sys
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

os.environ["BEANCOUNT_DISABLE_LOAD_CACHE"] = "1"

from beancount import loader
from beancount.core.data import Transaction
from beancount.parser import printer


def main(journal: Path, out: Path) -> None:
    """Load, sum, write."""
    entries, errors, _ = loader.load_file(str(journal))
    if errors:
        printer.print_errors(errors, file=sys.stderr)  # type: ignore[no-untyped-call]
        sys.exit(1)
    sums: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for entry in entries:
        if isinstance(entry, Transaction):
            for posting in entry.postings:
                units = posting.units
                assert units is not None
                assert units.number is not None
                sums[posting.account, units.currency] += units.number
    with out.open("w") as lines:
        lines.writelines(f"{account},{unit},{number}\n" for (account, unit), number in sums.items())


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
