"""A conditional write: made once, given up when the key exists, tried again in a conflict."""

import pytest
from botocore.exceptions import ClientError

from backoffice.stores.conditional import write_once


class _Bucket:
    """Answers each write with the next code; none is success."""

    def __init__(self, *codes: str) -> None:
        self.codes = list(codes)
        self.writes = 0

    def write(self) -> None:
        self.writes += 1
        if self.codes and (code := self.codes.pop(0)):
            raise ClientError({"Error": {"Code": code}}, "PutObject")


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("backoffice.stores.conditional._PAUSE_S", 0)


def test_what_exists_is_left_as_it_is() -> None:
    bucket = _Bucket("PreconditionFailed")
    assert not write_once(bucket.write, 3)
    assert bucket.writes == 1


def test_a_conflict_is_no_sign_that_the_key_stands() -> None:
    bucket = _Bucket("ConditionalRequestConflict", "ConditionalRequestConflict")
    assert write_once(bucket.write, 3)
    assert bucket.writes == 3


def test_a_lasting_conflict_and_any_other_error_is_raised() -> None:
    for codes in (["ConditionalRequestConflict"] * 3, ["SlowDown"]):
        with pytest.raises(ClientError):
            write_once(_Bucket(*codes).write, 3)
