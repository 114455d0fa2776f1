"""A document is kept for an act that is taken; what a lost race leaves is told by name."""

import base64
from typing import Any, Final

import pytest

from backoffice.clearance import decide
from backoffice.clearance.act_rules import ActRefusedError
from backoffice.clearance.trails import TrailEvent, append
from backoffice.records.left_documents import left_documents
from backoffice.records.seal_day import read_seal
from backoffice.records.verify_store import verify_store
from tests.simulation.desk import CHECKER, MAKER, Desk
from tests.simulation.test_decisions import OUT_OF_BAND, WEDNESDAY, cut_off, go_on

CONTENT: Final = base64.b64encode(b"the trader's mail").decode()
MAIL: Final = {"attachment": {"name": "mail.txt", "content": CONTENT}}
RELEASE: Final = {"outcome": "RELEASE", "text": "asked the trader"}


def attached(desk: Desk) -> list[str]:
    return [key for key in desk.house.records.keys("cases/") if "/attached/" in key]


@pytest.mark.parametrize(
    ("verb", "said"),
    [
        ("PROPOSE", {"outcome": "ACKNOWLEDGE", "text": "no way out"}),
        ("PROPOSE", {**RELEASE, "seen": "0" * 16}),
        ("PROPOSE", {"outcome": "RELEASE"}),  # a file's name is no reason
        ("APPROVE", {"proposal": "1"}),
    ],
)
def test_nothing_is_kept_of_an_act_that_is_refused(verb: str, said: dict[str, Any]) -> None:
    desk = Desk(cut_off())
    with pytest.raises(ActRefusedError):
        desk.act(OUT_OF_BAND, MAKER, verb, **said, **MAIL)
    assert attached(desk) == []


def test_a_document_of_an_act_that_is_taken_is_sealed_with_it() -> None:
    desk = Desk(cut_off())
    for _ in range(2):  # the second time as when the first answer was lost
        assert desk.act(OUT_OF_BAND, MAKER, "PROPOSE", **RELEASE, **MAIL).number == 1
    (key,) = attached(desk)
    assert desk.show(OUT_OF_BAND).trail[0].record == key
    assert left_documents(desk.house.records) == []
    go_on(desk.house)
    assert key in {leaf.key for leaf in read_seal(desk.house.records, WEDNESDAY).leaves}


def test_what_a_lost_race_leaves_is_named_until_an_act_names_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    desk = Desk(cut_off())

    def second(records: Any, event: TrailEvent) -> bool:  # noqa: ANN401 - the record store
        assert append(records, event.model_copy(update={"actor": CHECKER.name}))
        return append(records, event)

    monkeypatch.setattr(decide, "append", second)
    with pytest.raises(ActRefusedError, match="checker was first"):
        desk.act(OUT_OF_BAND, MAKER, "PROPOSE", **RELEASE, **MAIL)
    monkeypatch.undo()
    # the winner attached the same document; what only the loser had is left
    assert left_documents(desk.house.records) == []
    monkeypatch.setattr(decide, "append", _beaten)
    with pytest.raises(ActRefusedError, match="checker was first"):
        desk.act(OUT_OF_BAND, MAKER, "ATTACH", attachment=_other())
    monkeypatch.undo()
    (left,) = left_documents(desk.house.records)
    assert verify_store(desk.house.records)[1] == []
    desk.act(OUT_OF_BAND, MAKER, "ATTACH", attachment=_other())
    assert left_documents(desk.house.records) == []
    go_on(desk.house)
    assert left in {leaf.key for leaf in read_seal(desk.house.records, WEDNESDAY).leaves}
    assert verify_store(desk.house.records)[1] == []


def _beaten(records: Any, event: TrailEvent) -> bool:  # noqa: ANN401 - the record store
    comment = event.act.model_copy(update={"verb": "COMMENT", "text": "hm", "record": None})
    assert append(records, event.model_copy(update={"actor": CHECKER.name, "act": comment}))
    return append(records, event)


def _other() -> dict[str, str]:
    return {"name": "other.txt", "content": base64.b64encode(b"another").decode()}


def test_a_document_that_was_left_and_changed_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk(cut_off())
    monkeypatch.setattr(decide, "append", _beaten)
    with pytest.raises(ActRefusedError):
        desk.act(OUT_OF_BAND, MAKER, "ATTACH", attachment=_other())
    go_on(desk.house)
    (left,) = left_documents(desk.house.records)
    assert verify_store(desk.house.records)[1] == []
    desk.house.records.objects[left] = b"changed"
    assert [(one.fault, one.subject) for one in verify_store(desk.house.records)[1]] == [
        ("WRONG_HASH", left)
    ]
