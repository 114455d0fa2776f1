"""The document that an act attaches to a case."""

import base64

from backoffice.clearance.act_rules import ActRefusedError
from backoffice.front_office.case_models import ActRequest


def attached(request: ActRequest) -> bytes | None:
    """Return the document that is attached, if one is.

    Raises
    ------
    ActRefusedError
        INVALID: it is no base 64.
    """
    if request.attachment is None:
        return None
    try:
        return base64.b64decode(request.attachment.content, validate=True)
    except ValueError:
        raise ActRefusedError("INVALID", "the attachment is no base 64") from None
