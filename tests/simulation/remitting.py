"""A house whose rulebook says to which accounts the fees it collects are remitted."""

import shutil
from pathlib import Path
from typing import Final

from backoffice.kernel.rulebook import Rulebook

_RULES: Final = Path(__file__).parents[2] / "rulebook"
_ACCOUNT: Final = """
[[remittance_account.{code}]]
value = "FINRA-{code}"
valid_from = 1985-01-01
source = "the test"
"""


def remitting(folder: Path, codes: tuple[str, ...] = ("SEC31", "TAF")) -> Rulebook:
    """Return the product's rulebook with accounts for some codes, written to a folder."""
    copied = folder / "rulebook"
    shutil.copytree(_RULES, copied)
    text = "".join(_ACCOUNT.format(code=code) for code in codes)
    (copied / "accounts.toml").write_text(text)
    return Rulebook.load(copied)
