"""Home locations: eligible or refused with why, four eyes, sealed addresses, what falls due."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from backoffice.clearance.act_rules import ActRefusedError, Person
from backoffice.formats.sealed_columns import SealedColumns
from backoffice.remote_operations.eligibility import bars, conditions
from backoffice.remote_operations.home_acts import (
    attest,
    change_home,
    decide_home,
    find_home,
    inspect,
    register_home,
)
from backoffice.remote_operations.register import HOME, KnownHome, Proposal, read_homes
from backoffice.remote_operations.watch import (
    LIST,
    list_as_csv,
    read_lists,
    submit_list,
    watch_locations,
)
from backoffice.service_desk.registers import Registers
from tests.simulation.key_ring import KeysInMemory
from tests.unit.service_desk.desk import NOW, RULEBOOK, registers

EINAR = Person(name="einar", groups=("case-makers",))
SUPERVISOR = Person(name="dora", groups=("supervisors",))
OTHER = Person(name="gunna", groups=("supervisors",))
ALL = tuple(conditions("RSL", NOW.date(), RULEBOOK))
WHERE = "Laufásvegur 1, 101 Reykjavík"
SEALS = SealedColumns(KeysInMemory())


def _said(**changed: Any) -> dict[str, Any]:  # noqa: ANN401 - a form's fields
    return {
        "person": "einar",
        "kind": "RSL",
        "address": WHERE,
        "branch": "Reykjavik",
        "supervisor": "dora",
        "since": "2026-11-20",
        "met": ALL,
        **changed,
    }


def _registered(book: Registers, now: datetime = NOW, **changed: Any) -> str:  # noqa: ANN401
    about = register_home(book, EINAR, _said(**changed), SEALS, RULEBOOK, now).about
    decide_home(book, about, SUPERVISOR, "APPROVE", RULEBOOK, now)
    return about


def _home(book: Registers, about: str) -> KnownHome:
    return find_home(book, about, RULEBOOK)


def _causes(book: Registers, now: datetime) -> list[tuple[str, str]]:
    notice = watch_locations(book, RULEBOOK, now)
    return [(one.code, one.subject) for one in notice.causes] if notice else []


@pytest.mark.parametrize("missing", ALL)
def test_a_home_that_misses_any_condition_is_refused_with_its_name(missing: str) -> None:
    met = tuple(name for name in ALL if name != missing)
    with pytest.raises(ActRefusedError, match=f"not {missing}"):
        register_home(registers(), EINAR, _said(met=met), SEALS, RULEBOOK, NOW)


@pytest.mark.parametrize("bar", bars("RSL", NOW.date(), RULEBOOK))
def test_of_whom_a_bar_applies_the_home_is_refused(bar: str) -> None:
    with pytest.raises(ActRefusedError, match=bar):
        register_home(registers(), EINAR, _said(barred=(bar,)), SEALS, RULEBOOK, NOW)


def test_another_home_has_its_own_conditions_and_no_bars() -> None:
    met = tuple(conditions("HOME", NOW.date(), RULEBOOK))
    assert "no-supervision" in met
    book = registers()
    about = _registered(book, kind="HOME", met=met, barred=("first-year",))
    assert _home(book, about).status == "REGISTERED"


def test_an_address_stands_nowhere_but_sealed() -> None:
    book = registers()
    about = _registered(book)
    for key in book.records.keys(""):
        assert b"Lauf" not in book.records.read_bytes(key)
    sealed = _home(book, about).home.address
    assert sealed.startswith("~1.home_address.person.einar.")


def test_nobody_approves_their_own_home_nor_what_they_proposed() -> None:
    book = registers()
    himself = Person(name="einar", groups=("supervisors",))
    about = register_home(book, OTHER, _said(), SEALS, RULEBOOK, NOW).about
    for person in (himself, OTHER, EINAR):
        with pytest.raises(ActRefusedError):
            decide_home(book, about, person, "APPROVE", RULEBOOK, NOW)
    decide_home(book, about, SUPERVISOR, "APPROVE", RULEBOOK, NOW)
    assert _home(book, about).status == "REGISTERED"


def test_an_inspection_is_due_after_three_years_and_then_a_case() -> None:
    book = registers()
    about = _registered(book)
    assert _home(book, about).inspection_due(RULEBOOK) == date(2029, 11, 27)
    with pytest.raises(ActRefusedError, match="only supervisors"):
        inspect(book, _home(book, about), EINAR, NOW.date(), "in order", NOW)
    with pytest.raises(ActRefusedError, match="to come"):
        inspect(book, _home(book, about), OTHER, date(2027, 1, 1), "in order", NOW)
    late = datetime(2029, 11, 28, tzinfo=NOW.tzinfo)
    told = _causes(book, late)
    assert ("HOME_INSPECTION_OVERDUE", f"{about} 2029-11-27") in told
    assert ("HOME_ATTESTATION_OVERDUE", f"{about} 2027-11-27") in told
    inspect(book, _home(book, about), OTHER, late.date(), "in order", late)
    assert _home(book, about).inspection_due(RULEBOOK) == date(2032, 11, 28)
    assert "HOME_INSPECTION_OVERDUE" not in dict(_causes(book, late + timedelta(days=1)))


def test_what_is_no_more_overdue_is_cured_by_the_next_notice() -> None:
    book = registers()
    about = _registered(book)
    late = datetime(2027, 11, 28, tzinfo=NOW.tzinfo)
    first = watch_locations(book, RULEBOOK, late)
    assert first is not None
    again = watch_locations(book, RULEBOOK, late)
    assert again == first
    attest(book, _home(book, about), EINAR, ALL, RULEBOOK, late)
    later = watch_locations(book, RULEBOOK, late + timedelta(days=1))
    assert later is not None
    gone = {one.code for one in later.cured}
    assert gone == {"HOME_ATTESTATION_OVERDUE"}


def test_only_whose_home_it_is_confirms_it_and_only_when_it_is_so() -> None:
    book = registers()
    about = _registered(book)
    with pytest.raises(ActRefusedError, match="nobody else"):
        attest(book, _home(book, about), SUPERVISOR, ALL, RULEBOOK, NOW)
    met = tuple(name for name in ALL if name != "no-funds")
    with pytest.raises(ActRefusedError, match="not no-funds"):
        attest(book, _home(book, about), EINAR, met, RULEBOOK, NOW)
    attest(book, _home(book, about), EINAR, ALL, RULEBOOK, NOW)
    assert _home(book, about).attested_on == NOW.date()


def test_a_change_counts_when_approved_and_is_late_after_its_deadline() -> None:
    book = registers()
    about = _registered(book)
    known = _home(book, about)
    moved = known.home.model_copy(update={"branch": "Akureyri"})
    proposal = Proposal(what="CHANGE", person="einar", happened_on=NOW.date(), home=moved)
    change_home(book, known, EINAR, proposal, RULEBOOK, NOW)
    assert _home(book, about).home.branch == "Reykjavik"
    late = NOW + timedelta(days=31)
    assert _causes(book, late) == [("HOME_CHANGE_OVERDUE", f"{about} 2026-12-27")]
    decide_home(book, about, SUPERVISOR, "APPROVE", RULEBOOK, late)
    changed = _home(book, about)
    assert (changed.home.branch, changed.late_changes) == ("Akureyri", 1)


@pytest.mark.parametrize("since", ["2020-03-16", "1900-01-01", "2026-12-31"])
def test_a_home_that_was_worked_from_before_there_was_a_rule_stops_nothing(since: str) -> None:
    book = registers()
    about = register_home(book, EINAR, _said(since=since), SEALS, RULEBOOK, NOW).about
    told = _causes(book, NOW)
    late = [("HOME_CHANGE_OVERDUE", f"{about} 2024-07-01")]
    assert told == ([] if since > str(NOW.date()) else late)
    decide_home(book, about, SUPERVISOR, "APPROVE", RULEBOOK, NOW)
    assert _home(book, about).late_changes == (0 if since > str(NOW.date()) else 1)
    assert _causes(book, NOW + timedelta(days=1)) == []


def test_a_day_that_no_calendar_reaches_is_refused() -> None:
    with pytest.raises(ActRefusedError, match="since"):
        register_home(registers(), EINAR, _said(since="9999-12-31"), SEALS, RULEBOOK, NOW)


def test_a_closed_home_is_due_for_nothing() -> None:
    book = registers()
    about = _registered(book)
    proposal = Proposal(what="CLOSE", person="einar", happened_on=NOW.date())
    change_home(book, _home(book, about), EINAR, proposal, RULEBOOK, NOW)
    decide_home(book, about, SUPERVISOR, "APPROVE", RULEBOOK, NOW)
    closed = _home(book, about)
    assert (closed.status, closed.inspection_due(RULEBOOK)) == ("CLOSED", None)
    with pytest.raises(ActRefusedError, match="not registered"):
        change_home(book, closed, EINAR, proposal, RULEBOOK, NOW)


def test_a_quarters_list_is_made_once_and_sent_by_the_fifteenth() -> None:
    book = registers()
    about = _registered(book)
    _registered(
        book, person="bjorn", kind="HOME", met=tuple(conditions("HOME", NOW.date(), RULEBOOK))
    )
    assert _causes(book, NOW) == []
    january = datetime(2027, 1, 4, 7, tzinfo=NOW.tzinfo)
    for _ in range(2):
        assert _causes(book, january) == []
    (made,) = read_lists(book.trails(LIST))
    assert (made.quarter, str(made.due), len(made.homes)) == ("2026-Q4", "2027-01-15", 1)
    late = january + timedelta(days=12)
    assert _causes(book, late) == [("HOME_LIST_OVERDUE", "2026-Q4 2027-01-15")]
    with pytest.raises(ActRefusedError, match="only supervisors"):
        submit_list(book, made.list_id, EINAR, "F-1", late)
    submit_list(book, made.list_id, SUPERVISOR, "F-1", late)
    assert _causes(book, late + timedelta(days=1)) == []
    body = list_as_csv(made, [WHERE]).decode()
    assert body.splitlines()[1] == (
        f'{about},einar,RSL,"{WHERE}",Reykjavik,dora,2026-11-20,2026-11-27,,2029-11-27'
    )


def test_a_list_tells_of_the_quarters_last_day_however_late_it_is_made() -> None:
    book = registers()
    about, gone = _registered(book), _registered(book, person="bjorn")
    january = datetime(2027, 1, 4, 7, tzinfo=NOW.tzinfo)
    moved = _home(book, about).home.model_copy(update={"branch": "Akureyri"})
    for where, proposal in (
        (about, Proposal(what="CHANGE", person="einar", happened_on=NOW.date(), home=moved)),
        (gone, Proposal(what="CLOSE", person="bjorn", happened_on=NOW.date())),
    ):
        change_home(book, _home(book, where), EINAR, proposal, RULEBOOK, january)
        decide_home(book, where, SUPERVISOR, "APPROVE", RULEBOOK, january)
    inspect(book, _home(book, about), OTHER, january.date(), "in order", january)
    watch_locations(book, RULEBOOK, january)
    (made,) = read_lists(book.trails(LIST))
    told = [(home["person"], home["branch"], home["inspected_on"]) for home in made.homes]
    assert told == [("bjorn", "Reykjavik", ""), ("einar", "Reykjavik", "")]


def test_the_order_in_which_trails_are_read_changes_nothing() -> None:
    book = registers()
    _registered(book)
    _registered(book, person="bjorn")
    trails = book.trails(HOME)
    backwards = dict(reversed(list(trails.items())))
    assert read_homes(trails, RULEBOOK) == read_homes(backwards, RULEBOOK)
    assert read_homes(trails, RULEBOOK)[0].home.person == "bjorn"
