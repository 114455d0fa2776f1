"""What plans a file of rows, by the end of its name."""

from typing import Final

from backoffice.formats.delimited import plan
from backoffice.formats.fix.planning import plan_messages
from backoffice.intake.row_formats import PlansByFormat

PLANS: Final[PlansByFormat] = {".csv": plan, ".fix": plan_messages}
