"""Bugs planted one by one in a copy of the project: a test fails of each."""

import pytest

from tests.planted.planting import Bug, Copy, read_bugs

BUGS = read_bugs()


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    return Copy(tmp_path_factory.mktemp("planted"))


@pytest.mark.parametrize("bug", [bug for bug in BUGS if bug.sample], ids=lambda bug: bug.name)
def test_a_planted_bug_of_the_sample_is_caught(copy: Copy, bug: Bug) -> None:
    copy.catch(bug)


@pytest.mark.soak
@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name)
def test_every_planted_bug_is_caught(copy: Copy, bug: Bug) -> None:
    copy.catch(bug)
