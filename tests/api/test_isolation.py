"""Two apps with tokens of their own: on every route each sees what is its own."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from tests.api.calling import call
from tests.api.gateway import DOCUMENT, Gateway
from tests.api.isolation import CASE_ID, CHECKS

OPERATIONS = {
    operation["operationId"]: (method.upper(), path, "security" in operation)
    for path, item in json.loads(DOCUMENT.read_text())["paths"].items()
    for method, operation in item.items()
}
CASE = {
    "pk": "CASES", "sk": CASE_ID, "code": "UNKNOWN_ACCOUNT", "subject": "A1", "status": "OPEN",
    "members": 1, "opened_on": "2026-04-07", "due": "2026-04-08",
}  # fmt: skip


@dataclass(frozen=True)
class ServedApi:
    """The API at an address; a caller's token is made of its name."""

    address: str

    def send(
        self, caller: str, method: str, path: str, document: Mapping[str, Any] | None = None
    ) -> tuple[int, Any]:
        token = f"token-of-{caller}" if caller else None
        return call(self.address, token, method, path, document)

    def client(self, caller: str) -> str:
        return caller


@pytest.fixture(scope="module")
def api(address: str, gateway: Gateway) -> ServedApi:
    gateway.serve_cases([CASE])
    return ServedApi(address)


def test_every_operation_has_its_check() -> None:
    assert set(CHECKS) == set(OPERATIONS)


@pytest.mark.parametrize("operation", sorted(CHECKS))
def test_an_app_sees_on_no_route_what_is_anothers(api: ServedApi, operation: str) -> None:
    CHECKS[operation](api)


@pytest.mark.parametrize("operation", sorted(OPERATIONS))
def test_only_an_open_route_answers_without_a_good_token(api: ServedApi, operation: str) -> None:
    method, path, guarded = OPERATIONS[operation]
    path = path.replace("{case_id}", CASE_ID)
    for caller in ("", "stranger"):
        assert (api.send(caller, method, path)[0] == 401) is guarded
