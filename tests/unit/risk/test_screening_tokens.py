"""Names as tokens, and how tokens sound."""

import pytest

from backoffice.risk.screening.normalise import tokens_of
from backoffice.risk.screening.similarity import SAME, keys_of, similarity
from backoffice.risk.screening.sounds import skeleton, sound
from tests.unit.risk.listed_names import RULES


@pytest.mark.parametrize(
    ("name", "kind", "tokens"),
    [
        ("AL-SAMPLE, Ayman Muhammad", "PERSON", "ayman muhammad al sample"),
        ("SAMPLE CO., LTD.", "ENTITY", "sample co ltd"),
        ("Sample S.A.", "ENTITY", "sample sa"),
        ("Sample S. A. de C. V.", None, "sample sa de cv"),
        ("J.R. Sample", "PERSON", "j r sample"),
        ("J.R. Sample", None, "j r sample"),
        ("John A. B.", "PERSON", "john a b"),
        ("M.S.P.-SAMPLE", "ENTITY", "msp sample"),
        ("Þórður Sigurðsson", "PERSON", "thordur sigurdsson"),
        ("Ægir Öræfi hf.", "ENTITY", "aegir oraefi hf"),
        ("Straße Łódź Ørsted", None, "strasse lodz orsted"),
        ("Александр", "PERSON", "aleksandr"),
        ("محمد", "PERSON", "mahamad"),
        ("عبد الرحمن يوسف", None, "abdul rahaman yusaf"),
        ("Yo'ng-su", "PERSON", "yong su"),
        ("Abd al-Rahman", "PERSON", "abdul rahman"),
        ("Abdel Rahman", "PERSON", "abdul rahman"),
        ("Abdul Rahman", "PERSON", "abdul rahman"),
        ("Jose\u0301 Pérez", "PERSON", "jose perez"),
        ("ＦＵＬＬ Width", None, "full width"),  # noqa: RUF001 - full width is the point
        ("SAMPLE 12", "VESSEL", "sample 12"),
        (" .,- ", None, ""),
    ],
)
def test_a_name_is_read_as_it_is_spoken(name: str, kind: str | None, tokens: str) -> None:
    assert " ".join(tokens_of(name, kind, RULES)) == tokens


@pytest.mark.parametrize(
    "spellings",
    [
        ("yusuf", "yousuf", "iusuf", "yusuff"),
        ("yuri", "iuri", "yury"),
        ("petrov", "petroff", "petrow", "pietrov"),
        ("khadija", "khadeeja"),
        ("sheikh", "shiekh"),
        ("aleksander", "alexander"),
        ("mohamad", "muhammad", "mohammad"),
        ("osama", "usama"),
        ("qasim", "kasim", "kassim"),
        ("mueller", "muller"),
    ],
)
def test_spellings_of_one_sound_sound_the_same(spellings: tuple[str, ...]) -> None:
    assert len({sound(spelling) for spelling in spellings}) == 1


def test_names_without_vowels_have_the_bones_of_those_with() -> None:
    (arabic,) = tokens_of("محمد", None, RULES)
    assert skeleton(arabic) == skeleton("mohammed") == skeleton("muhamad")
    assert similarity(arabic, "muhammad") >= 8500


@pytest.mark.parametrize(
    ("one", "two", "least", "most"),
    [
        ("example", "example", SAME, SAME),
        ("example", "exmaple", 8500, 9500),
        ("mohammed", "muhammad", 8500, 9900),
        ("aleksandr", "oleksandr", 8500, 9900),
        ("brown", "brian", 0, 8000),
        ("kim", "kin", 6000, 7000),
        ("ab", "ac", 0, 0),
        ("12", "13", 0, 0),
        ("smith", "jones", 0, 0),
    ],
)
def test_tokens_are_as_alike_as_their_edits_and_sounds(
    one: str, two: str, least: int, most: int
) -> None:
    assert least <= similarity(one, two) <= most
    assert similarity(one, two) == similarity(two, one)
    if similarity(one, two):
        assert keys_of(one, joined=False) & keys_of(two, joined=False)
