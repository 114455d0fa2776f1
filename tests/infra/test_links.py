"""The check of links between documents."""

from pathlib import Path

import pytest

from infra.lint import links


def test_no_document_has_a_dead_link() -> None:
    assert [line for document in links.documents() for line in links.dead_links(document)] == []


def test_missing_files_and_headings_are_named_and_good_ones_are_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(links, "PROJECT", tmp_path)
    (tmp_path / "other.md").write_text("# The Way of the Data\n")
    document = tmp_path / "document.md"
    document.write_text(
        "[good](other.md) [good](other.md#the-way-of-the-data) [good](https://example.com/x)\n"
        "[dead](missing.md) [dead](other.md#nowhere)\n"
        "`[code](not-a-link.md)`\n"
    )
    assert links.dead_links(document) == [
        "document.md: missing.md leads nowhere",
        "document.md: other.md#nowhere leads nowhere",
    ]
