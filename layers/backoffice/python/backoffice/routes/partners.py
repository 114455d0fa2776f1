"""Which app asks: each is a partner of its own, by the client its token was issued to."""

import re
from typing import Final

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver
from aws_lambda_powertools.event_handler.exceptions import UnauthorizedError

from backoffice.routes.json_api import claims

_PARTNER: Final = re.compile(r"[A-Za-z0-9._-]{1,128}")


def partner_of(app: APIGatewayHttpResolver) -> str:
    """Return the app that the current request's token was issued to.

    Raises
    ------
    UnauthorizedError
        When the token names none.
    """
    client = str(claims(app).get("client_id", ""))
    if not _PARTNER.fullmatch(client):
        raise UnauthorizedError("The token names no client.")
    return client
