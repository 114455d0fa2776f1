"""Send an API what its document allows and what it forbids, and collect what is wrong with it."""

import re
from collections import Counter
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Final

import schemathesis
from hypothesis import strategies as st
from schemathesis.engine import events, from_schema
from schemathesis.schemas import BaseSchema
from stdnum import isin
from stdnum.iso7064 import mod_97_10

_ALPHABET: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
# A trade of the right shapes may still break a rule: that is what 422 says, with its code.
OF_PEOPLE: Final = ("/cases/", "/customers/")
"""How the paths begin that only a person's token opens."""
_KEY: Final = "Idempotency-Key"
_NUMBERS: Final = count(1)
_TAKEN: Final = ["2xx", "403", "404", "409", "422"]


@dataclass
class Findings:
    """How the API was asked and how it answered: by operation and status, and what is wrong."""

    answers: Counter[tuple[str, int]] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    @property
    def asked(self) -> int:
        """How many requests were sent."""
        return sum(self.answers.values())


def config(
    token: str, *, examples: int, seed: int, base_url: str | None = None
) -> schemathesis.Config:
    """Say how much is sent, with whose token, and what is checked.

    The document says where the API is by its host; `base_url` where it is otherwise.
    """
    return schemathesis.Config.from_dict(
        {
            **({"base-url": base_url} if base_url else {}),
            "seed": seed,
            "auth": {"openapi": {"token": {"bearer": token}}},
            "continue-on-failure": True,
            "checks": {
                "positive_data_acceptance": {"expected-statuses": _TAKEN},
                # an HTTP API answers 404 where there is no such route, whatever the method
                "unsupported_method": {"enabled": False},
            },
            "generation": {"max-examples": examples, "database": "none", "no-shrink": True},
        }
    )


def fuzz(schema: BaseSchema, found: Findings) -> None:
    """Run every phase of schemathesis: examples, coverage of the edges, random data, links."""
    for event in from_schema(schema).execute():
        if isinstance(event, events.ScenarioFinished):
            _note(found, event)
        elif isinstance(event, events.NonFatalError):
            found.wrong.append(f"{event.label}: {event.value}")
        elif isinstance(event, events.FatalError):
            raise event.exception


def _note(found: Findings, event: events.ScenarioFinished) -> None:
    recorder = event.recorder
    for id_, interaction in recorder.interactions.items():
        if interaction.response is not None:
            label = recorder.cases[id_].value.operation.label
            found.answers[label, interaction.response.status_code] += 1
    for id_, checks in recorder.checks.items():
        for check in checks:
            if check.failure_info is not None:
                case: Any = recorder.cases[id_].value
                found.wrong.append(f"{case.operation.label}: {check.name}: {check.failure_info}")


def theirs(schema: BaseSchema, beginning: str) -> BaseSchema:
    """Keep the routes of one kind of caller: the list of cases, those of people, the rest."""
    if beginning == "/cases":
        return schema.include(path=beginning)
    return (
        schema.include(path_regex=f"^{beginning}")
        if beginning in OF_PEOPLE
        else schema.exclude(path_regex="^/(cases|customers)")
    )


@schemathesis.hook
def before_call(_context: Any, case: Any, _kwargs: Any) -> None:  # noqa: ANN401 - untyped there
    """Give requests keys of their own: one that comes again with another body is refused."""
    headers = case.headers or {}
    key = str(headers.get(_KEY, ""))
    if re.fullmatch("[!-~]{1,100}", key):
        headers[_KEY] = f"{key}{next(_NUMBERS)}"


def know_formats() -> None:
    """Let identifiers have right check digits, so that trades are accepted."""
    stems = st.text(_ALPHABET, min_size=9, max_size=9).map("US{}".format)
    codes = st.text(_ALPHABET, min_size=18, max_size=18)
    formats = {
        "isin": stems.map(lambda stem: stem + isin.calc_check_digit(stem)),
        "lei": codes.map(lambda stem: stem + mod_97_10.calc_check_digits(stem)),
        "mic": st.sampled_from(["XNYS", "XNAS", "XICE", "XLON"]),
        "iso-4217": st.sampled_from(["USD", "ISK", "EUR", "GBP"]),
    }
    for name, strategy in formats.items():
        schemathesis.openapi.format(name, strategy)
