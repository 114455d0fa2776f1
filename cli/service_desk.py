"""The service desk of the platform that stands in a home, as who runs the command."""

from backoffice.clearance.act_rules import Person
from backoffice.kernel.calendar import default_calendar
from backoffice.kernel.rulebook import default_rulebook
from backoffice.service_desk.access_groups import SERVICE_DESK
from backoffice.service_desk.means import ServiceDesk
from backoffice.service_desk.platform_parts import known_parts
from backoffice.service_desk.ticket_desk import TicketDesk
from backoffice.stores.letter_queues import LetterQueues
from backoffice.stores.objects import RecordBucket
from backoffice.stores.platform_watch import AwsPlatformWatch
from backoffice.stores.served_tables import ServedTable
from cli.platform import Platform
from cli.staff import who
from infra.stages import LOCAL


def service_desk_of(platform: Platform) -> ServiceDesk:
    """Return the service desk of a platform."""
    client, named = platform.client, LOCAL.named("")
    arn = platform.machine_arn("cut_off")
    machines = f"{arn.rpartition(':')[0]}:{named}"
    rulebook = default_rulebook()
    seen = (client("cloudwatch"), client("sqs"), client("dynamodb"), client("stepfunctions"))
    takers = (client("sqs"), client("stepfunctions"), client("lambda"))
    index = ServedTable(client("dynamodb"), platform.table("service_desk"))
    records = RecordBucket(client("s3"), platform.records_bucket)
    return ServiceDesk(
        tickets=TicketDesk(records, index, default_calendar(), rulebook),
        box=LetterQueues(*takers, named=named, machines=machines),
        watch=AwsPlatformWatch(*seen, named=named, machines=machines),
        parts=known_parts(runs_schedules=LOCAL.runs_schedules),
        rulebook=rulebook,
    )


def keeper(name: str | None) -> Person:
    """Return who acts: at the command line of one's own machine, one of the desk."""
    return Person(name=who(name), groups=(SERVICE_DESK,))
