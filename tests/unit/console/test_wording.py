"""The console's two catalogues say the same things."""

import re

import pytest

from backoffice.console.wording import LANGUAGES, wording

_FIELD = re.compile(r"\{(\w+)\}")


def test_both_languages_have_the_same_keys_with_the_same_fields() -> None:
    english, icelandic = (wording(code).texts for code in LANGUAGES)
    assert set(english) == set(icelandic)
    for key, text in english.items():
        assert sorted(_FIELD.findall(text)) == sorted(_FIELD.findall(icelandic[key])), key


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_empty(language: str) -> None:
    assert all(text.strip() for text in wording(language).texts.values())
