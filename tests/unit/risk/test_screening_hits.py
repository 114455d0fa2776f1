"""What is a hit, in what order, and why."""

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from backoffice.risk.screening.hits import HITS
from backoffice.risk.screening.index import build_index
from backoffice.risk.screening.screen import screen, unscreenable
from backoffice.risk.screening.weights import TokenWeights
from tests.unit.risk.listed_names import RULES, hits, index, names, score


@pytest.mark.parametrize(
    ("name", "entry"),
    [
        ("Muhammad Yusuf Al-Examplawi", "1"),
        ("EXAMPLAWI, MOHAMED YOUSEF", "1"),
        ("Mohammed Examplawi", "1"),
        ("Muhammad Y. al Examplawi", "1"),
        ("Muhammad Yusuf Alexamplawi", "1"),
        ("Muhamad Yusuf Al-Exanplawi", "1"),
        ("Alexander Yuryevich Testovskij", "2"),
        ("Александр Тестовский", "2"),
        ("Testovsky Aleksandr", "2"),
        ("Placeholder General Trading", "3"),
        ("Placeholder General Trading L.L.C.", "3"),
        ("Placehodler Trading Company Limited", "3"),
        ("Jon Profsson", "EU.1.1"),
        ("Banka Zkusebni", "EU.2.1"),
        ("Abdulrahman Specimen", "QDi.001"),
        ("Specimen, Abdel Rahman", "QDi.001"),
        ("Mohammed Yousef", "QDi.002"),
        ("Dummy Partners ehf.", "H1"),
        ("Yuri Obraztsov", "H2"),
        ("Iurii Obraztsoff", "H2"),
        ("Mock Star 12", "4"),
    ],
)
def test_a_listed_name_is_found_however_it_is_written(name: str, entry: str) -> None:
    assert entry in hits(name)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Muhammad Hassan", "PERSON"),
        ("Yusuf Muhammad Hassan", "PERSON"),
        ("Jón Jónsson", "PERSON"),
        ("Jón Pálsson", "PERSON"),
        ("Prófsson", "PERSON"),
        ("General Trading Company Limited", "ENTITY"),
        ("Sample General Trading Co., Ltd.", "ENTITY"),
        ("Partners International Bank S.A.", "ENTITY"),
        ("Aleksandr Sokolov", "PERSON"),
        ("J. Smith", "PERSON"),
        ("Andrew M. Sullivan", "PERSON"),
        ("Mock Star 13", "VESSEL"),
        ("", None),
        ("---", None),
    ],
)
def test_an_ordinary_name_is_not(name: str, kind: str | None) -> None:
    assert hits(name, kind) == []


def test_an_equal_name_scores_all_and_any_other_less() -> None:
    assert score("Muhammad Yusuf Al-Examplawi") == 10_000
    assert score("Muhammad Yusuf Al-Examplawy") < 10_000
    assert score("Jón Prófsson") == 10_000


def test_a_weak_alias_must_be_nearly_equal() -> None:
    assert hits("Abu Sample") == ["1"]
    assert hits("Abu Sambal") == []


def test_a_person_against_a_company_scores_less() -> None:
    assert score("Placeholder General Trading", "PERSON") < score("Placeholder General Trading")


def test_a_hit_says_why() -> None:
    hit = screen(names(("Mohamed Y. Examplawi Jr", "PERSON")), index()).row(0, named=True)
    assert hit["list_code"] == "OFAC"
    assert hit["listed_name"] == "AL-EXAMPLAWI, Muhammad Yusuf"
    assert hit["quality"] == "PRIMARY"
    assert hit["programs"] == "TEST"
    said = hit["explanation"].split("; ")
    assert said[0] == "examplawi=examplawi"
    assert said[1].startswith("mohamed~muhammad ")
    assert said[2:] == ["y. yusuf", "-jr", "+al"]


def test_an_entry_is_hit_once_by_the_best_of_its_names() -> None:
    found = screen(names(("Oleksandr Testovskiy", "PERSON")), index())
    assert found["entry_id"].to_list() == ["2"]
    assert found["listed_name"].to_list() == ["TESTOVSKIY, Oleksandr"]


def test_hits_do_not_hang_on_the_order_of_rows() -> None:
    asked = names(
        ("Mohamed Examplawi", None), ("Jon Profsson", "PERSON"), ("Mohamed Examplawi", "PERSON")
    )
    found = screen(asked, index())
    assert found.schema == pl.Schema(HITS)
    assert_frame_equal(screen(asked.reverse(), index()), found)
    turned = build_index(index().listed.reverse(), RULES)
    assert_frame_equal(screen(asked, turned), found)


def test_no_names_and_no_entries_have_no_hits() -> None:
    assert screen(names(), index()).schema == pl.Schema(HITS)
    empty = build_index(index().listed.clear(), RULES)
    assert screen(names(("Jón Prófsson", None)), empty).is_empty()


def test_names_without_letters_are_told_and_not_passed() -> None:
    asked = names(("...", None), ("Jón", None), ("", None), ("北京", None))
    assert unscreenable(asked, index())["subject"].to_list() == ["A000", "A002"]


def test_weights_are_kept_as_a_table() -> None:
    weights = index().weights
    assert TokenWeights.read(weights.frame()) == weights
    assert weights.weight("never seen") == weights.weight("examplawi") == 1000
    assert weights.weight("muhammad") <= 1000
