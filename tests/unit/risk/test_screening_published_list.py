"""Recall and false positives on the published OFAC list: a sample of bench/screening.py."""

from functools import cache
from pathlib import Path

import polars as pl
import pytest

from backoffice.risk.screening.index import ListIndex, build_index
from backoffice.risk.screening.prepared import prepare
from backoffice.risk.screening.score import compare
from backoffice.risk.screening.screen import screen
from backoffice.risk.screening.similarity import similarity
from bench.inputs.ordinary_names import ordinary_names
from bench.inputs.screened_names import CLASSES, spoilt_names
from bench.sides.screening_backoffice import asked, found, listed_names
from tests.unit.risk.listed_names import RULES

DATA = Path(__file__).parents[4] / "shared" / "data"
SEED = 404
LEAST = dict.fromkeys(CLASSES, 90) | {
    "one edit": 98,
    "one word of three or more dropped": 99,
    "one word of a person initialled": 100,
}

pytestmark = pytest.mark.skipif(
    not DATA.exists(), reason="the published list is not at ../shared/data"
)


@cache
def index() -> ListIndex:
    return build_index(listed_names(DATA), RULES)


@pytest.mark.parametrize("name", CLASSES)
def test_spoilt_names_are_found(name: str) -> None:
    spoilt = spoilt_names(index().listed, CLASSES[name], 100, SEED)
    assert len(spoilt) == 100
    assert found(index(), spoilt) >= LEAST[name]


def test_every_sampled_name_hits_its_own_entry_with_all() -> None:
    names = index().listed.sample(100, seed=SEED)
    hits = screen(asked(names.select("name", "kind").iter_rows()), index())
    rows = hits.select("subject", "list_code", "entry_id", "score_bp", "quality").rows()
    best = {(int(subject), entry): (score, quality) for subject, _, entry, score, quality in rows}
    for at, entry in enumerate(names["entry_id"]):
        score, quality = best[at, entry]
        assert score == (9_000 if quality == "WEAK" else 10_000)


def test_names_of_many_words_are_found_whatever_their_order() -> None:
    long = index().listed.filter(
        pl.col("name").str.count_matches(" ") >= 9, pl.col("quality") != "WEAK"
    )
    assert long.height > 10
    turned = long["name"].str.split(" ").list.reverse().list.join(" ")
    hits = screen(asked(zip(turned, long["kind"], strict=True)), index())
    found_of = set(hits.select("subject", "entry_id").iter_rows())
    missed = [at for at, entry in enumerate(long["entry_id"]) if (str(at), entry) not in found_of]
    assert missed == []


def test_ordinary_names_are_rarely_hits() -> None:
    # every second name is drawn past the S&P 500, whose one-word names are the hard ones
    names = ordinary_names(2_500, SEED, DATA)[500:]
    hits = screen(asked(names), index())
    assert hits["subject"].n_unique() <= len(names) // 100


def test_what_finds_candidates_misses_nothing_that_comparing_all_finds() -> None:
    part = index().listed.sample(300, seed=SEED)
    some = build_index(part, RULES, index().weights)
    spoilt = [
        each for spoil in CLASSES.values() for each in spoilt_names(some.listed, spoil, 2, SEED)
    ]
    hits = screen(asked((each.name, each.kind) for each in spoilt), some)
    texts = sorted({unit.text for name in some.prepared for unit in name.units})
    about = some.listed.select("entry_id", "kind", "quality").rows()
    missed = []
    for at, each in enumerate(spoilt):
        query = prepare(each.name, each.kind, some.weights, RULES)
        similar = {
            unit.text: {text: bp for text in texts if (bp := similarity(unit.text, text))}
            for unit in query.units
        }
        known = set(hits.filter(pl.col("subject") == str(at))["entry_id"])
        for row, listed in enumerate(some.prepared):
            entry, kind, quality = about[row]
            score = compare(query, listed, similar, RULES).score_bp
            score -= RULES.weak_alias_bp * (quality == "WEAK")
            score -= RULES.kind_mismatch_bp * ((kind == "PERSON") != (each.kind == "PERSON"))
            if score >= RULES.threshold_bp and entry not in known:
                missed.append((each.name, listed.tokens, score))
    assert missed == []
