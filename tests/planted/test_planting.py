"""The runner itself: it says of a bug that it is caught only when a test fails of that bug."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from tests.planted import witness
from tests.planted.planting import PROJECT, Bug, Copy, NotCaughtError, StaleBugError, read_bugs

BUG = Bug(
    name="a half goes down",
    file="rounding.py",
    old="(amount + 1) // 2",
    new="amount // 2",
    tests=("tests/test_rounding.py",),
)
FILES = {
    "pyproject.toml": '[tool.pytest.ini_options]\nfilterwarnings = ["error"]\n',
    "rounding.py": "def halve(amount):\n    return (amount + 1) // 2\n\n\nTWICE = 2\n",
    "tests/conftest.py": "from hypothesis import settings\nsettings.register_profile('planted')\n",
    "tests/test_rounding.py": (
        "from rounding import halve\n\n\n"
        "def test_nothing_is_halved():\n    assert halve(0) == 0\n\n\n"
        "def test_a_half_goes_up():\n    assert halve(5) == 3\n"
    ),
    "tests/test_that_fails.py": "def test_of_nothing():\n    raise AssertionError\n",
}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a project of one function."""
    folder = tmp_path_factory.mktemp("project")
    for name, text in FILES.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    planted = folder / "tests" / "planted"
    planted.mkdir()
    shutil.copy2(str(witness.__file__), planted)
    return folder


@pytest.fixture
def copy(project: Path, tmp_path: Path) -> Copy:
    return Copy(tmp_path / "copy", project, ("pyproject.toml", "rounding.py", "tests"))


def test_every_bug_has_a_name_of_its_own_a_text_to_change_and_tests_that_are_there() -> None:
    bugs = read_bugs()
    assert len({bug.name for bug in bugs}) == len(bugs) >= 25
    for bug in bugs:
        assert (PROJECT / bug.file).read_text().count(bug.old) == 1, bug.name
        assert bug.tests, bug.name
        for path, _, test in (each.partition("::") for each in bug.tests):
            assert (PROJECT / path).exists(), bug.name
            assert not test or f"def {test}(" in (PROJECT / path).read_text(), bug.name


def test_some_bugs_are_planted_whenever_tests_run() -> None:
    assert 5 <= len([bug for bug in read_bugs() if bug.sample]) <= 10


def test_a_bug_is_caught_by_the_test_that_fails_of_it(copy: Copy) -> None:
    failure = copy.catch(BUG)
    assert failure.test == "tests/test_rounding.py::test_a_half_goes_up"
    assert failure.why.startswith("assert 2 == 3")


def test_the_project_is_not_touched_and_the_copy_is_as_it_was(copy: Copy, project: Path) -> None:
    before = (project / BUG.file).read_bytes()
    with copy.planted(BUG):
        assert (project / BUG.file).read_bytes() == before
        assert (copy.folder / BUG.file).read_bytes() != before
    assert (copy.folder / BUG.file).read_bytes() == before


@pytest.mark.parametrize(("old", "times"), [("(amount + 2)", 0), ("2", 2), ("amount", 2)])
def test_a_bug_whose_text_does_not_stand_there_once_is_told(
    copy: Copy, old: str, times: int
) -> None:
    with pytest.raises(StaleBugError, match=rf"stands {times} times in rounding\.py"):
        copy.catch(replace(BUG, old=old))


@pytest.mark.parametrize(
    ("new", "how"),
    [
        ("(amount + 1) // TWICE", "passes with it"),
        ("(amount + 1) // (", "did not run"),
        ("(amount + 1) // HALF", "broke: NameError"),
    ],
)
def test_a_change_that_no_test_sees_or_that_breaks_the_code_is_not_caught(
    copy: Copy, new: str, how: str
) -> None:
    with pytest.raises(NotCaughtError, match=how):
        copy.catch(replace(BUG, new=new))


def test_a_test_that_fails_anyhow_catches_nothing(copy: Copy) -> None:
    with pytest.raises(NotCaughtError, match="fails without it too"):
        copy.catch(replace(BUG, tests=("tests/test_that_fails.py",)))
