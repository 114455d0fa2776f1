"""A rulebook made of one text."""

from pathlib import Path

import pytest

from backoffice.kernel.rulebook import Rulebook
from tests.unit.kernel.rule_texts import Write


@pytest.fixture
def book_of(tmp_path: Path) -> Write:
    """Return what makes a rulebook of a text."""

    def write(text: str) -> Rulebook:
        (tmp_path / "rules.toml").write_text(text)
        return Rulebook.load(tmp_path)

    return write
