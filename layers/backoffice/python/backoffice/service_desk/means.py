"""What the service desk works with: its tickets, the letters, and what looks at the platform."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from backoffice.kernel.rulebook import Rulebook
from backoffice.service_desk.health import Health, look, look_at_jobs
from backoffice.service_desk.letters import Letter, LetterBox
from backoffice.service_desk.platform_parts import Parts, PlatformWatch
from backoffice.service_desk.schedules import Job
from backoffice.service_desk.ticket_desk import TicketDesk


@dataclass(frozen=True, slots=True)
class ServiceDesk:
    """The service desk."""

    tickets: TicketDesk
    box: LetterBox
    watch: PlatformWatch
    parts: Parts
    rulebook: Rulebook

    def health(self, now: datetime) -> list[Health]:
        """Look at every part of the platform."""
        return look(self.watch, self.parts, now)

    def jobs(self, now: datetime) -> list[Job]:
        """Look at every scheduled job."""
        grace = timedelta(minutes=self.rulebook.days("missed_start_minutes", now.date()))
        return list(look_at_jobs(self.watch, self.parts, now, grace))

    def waiting(self) -> int:
        """Return how many letters wait, of the queues that tell."""
        return sum(self.watch.waiting(self.parts.queues).values())

    def letters(self) -> list[Letter]:
        """Return the dead letters that wait, those that wait longest first."""
        found = [held.letter for queue in self.parts.queues for held in self.box.peek(queue)]
        return sorted(found, key=lambda letter: (letter.since, letter.letter_id))
