"""A day's files are decided alike in whatever order they arrived."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from backoffice.intake.control import Control, parse_control
from backoffice.intake.files import FiledFile, settle_statuses
from backoffice.intake.schemas import kind_of
from backoffice.intake.totals import Totals
from backoffice.kernel.errors import BadFileError

names = st.sampled_from(["trades-1.csv", "trades-2.csv", "cash.csv", "trades-3.csv", "memo.txt"])
stated = st.builds(Control, rows=st.sampled_from([None, 1, 2]))
files = st.builds(
    lambda name, sha, partner, day, refusal: FiledFile(
        partner, date(2026, 3, day), name, kind_of(name), sha, Totals(rows=len(sha)), refusal
    ),
    names,
    st.sampled_from(["a", "bb"]),
    st.sampled_from(["alpha", "beta"]),
    st.integers(1, 2),
    st.sampled_from([None, None, "the file is empty"]),
)
controls = st.builds(
    lambda name, control, sha: FiledFile(
        "alpha", date(2026, 3, 1), f"{name}.control.json", "control", sha, control=control
    ),
    names,
    stated,
    st.sampled_from(["c", "d"]),
)


@given(day=st.lists(st.one_of(files, controls), max_size=8), data=st.data())
@settings(max_examples=100, deadline=None)
def test_the_order_of_arrival_does_not_matter(day: list[FiledFile], data: st.DataObject) -> None:
    settled = settle_statuses(day)
    again = data.draw(st.lists(st.sampled_from(day), max_size=3)) if day else []
    assert settle_statuses(data.draw(st.permutations(day + again))) == settled
    assert {s.file for s in settled} == set(day)
    assert all((s.reason is None) == (s.status == "COMMITTED") for s in settled)


@given(day=st.lists(files, max_size=8))
@settings(max_examples=100, deadline=None)
def test_one_of_equal_files_is_committed_and_no_two(day: list[FiledFile]) -> None:
    sound = {(f.partner, f.business_date, f.kind, f.sha256) for f in day if f.refusal is None}
    taken = [s.file for s in settle_statuses(day) if s.status == "COMMITTED"]
    assert sorted((f.partner, f.business_date, str(f.kind), f.sha256) for f in taken) == sorted(
        (partner, day_, str(kind), sha) for partner, day_, kind, sha in sound
    )


@given(
    body=st.one_of(
        st.binary(max_size=60), st.text('{}[]:,"0123456789.e-truefalsn ').map(str.encode)
    )
)
@settings(max_examples=100, deadline=None)
def test_any_bytes_are_a_control_file_or_refused_with_a_sentence(body: bytes) -> None:
    try:
        refused, found = "", parse_control(body)
    except BadFileError as error:
        refused, found = str(error), Control()
    assert isinstance(found, Control)
    assert not refused or refused.startswith("the control file")
