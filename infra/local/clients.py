"""boto3 clients of one embedded AWS, untouched by whatever the caller's machine is set up for."""

from functools import cache
from typing import Any
from urllib.parse import urlsplit

import boto3
from botocore.config import Config
from botocore.exceptions import ConnectTimeoutError, ReadTimeoutError

from infra.local.errors import HANGS, EmulatorError
from infra.local.health import answers_within
from infra.local.surroundings import REGION

ACCOUNT = "000000000000"
# The emulator takes every caller; what it counts tells these two apart by their access keys.
OPERATOR = "local"
PARTNER = "partner"
_CONFIG = Config(
    connect_timeout=5,
    inject_host_prefix=False,  # one address serves every service
    max_pool_connections=32,
    proxies={},  # the loopback interface is never behind one
    retries={"mode": "standard", "max_attempts": 3},
    s3={"addressing_style": "path"},
)
# These move data, run code or make stacks before they answer; all others look something up.
_LONG_CALLS = frozenset({"s3", "lambda", "cloudformation"})
_LONG_S = 60.0
_SHORT_S = 10.0
_HEALTH_PATIENCE_S = 5.0


class Clients:
    """Clients made once each, all for the emulator at `endpoint`, of one caller."""

    def __init__(self, endpoint: str, caller: str = OPERATOR) -> None:
        self.endpoint = endpoint
        # Its clients are made by a name that comes at run time.
        self._session: Any = boto3.Session(
            aws_access_key_id=caller, aws_secret_access_key=caller, region_name=REGION
        )
        self._make = cache(self._made)

    def get(self, service: str) -> Any:  # noqa: ANN401 - boto3 makes its clients at run time
        """Return the client of `service`, always the same one.

        Its calls raise `EmulatorError` when the embedded AWS hangs.
        """
        return self._make(service, _LONG_S if service in _LONG_CALLS else _SHORT_S)

    def get_impatient(self, service: str) -> Any:  # noqa: ANN401 - boto3 makes its clients
        """Return a client of `service` for short questions, asked over and over."""
        return self._make(service, _SHORT_S)

    def _made(self, service: str, patience_s: float) -> Any:  # noqa: ANN401 - boto3's own
        config = _CONFIG.merge(Config(read_timeout=patience_s))
        client = self._session.client(
            service, endpoint_url=self.endpoint, config=config, verify=False
        )
        client.meta.events.register_first("needs-retry", self._refuse_hang)
        return client

    def _refuse_hang(self, caught_exception: Exception | None = None, **_: object) -> None:
        """Try a call again that took too long only where anything is answered at all."""
        if not isinstance(caught_exception, (ReadTimeoutError, ConnectTimeoutError)):
            return
        if not answers_within(int(urlsplit(self.endpoint).port or 0), _HEALTH_PATIENCE_S):
            raise EmulatorError(HANGS) from caught_exception
