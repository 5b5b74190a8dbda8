"""Where something is said in Slack, and which conversation that belongs to.

The policy: a conversation is one person's. In a channel it is also bound to a thread, so that
colleagues who talk to the assistant in one thread each give their own answers. A direct message is
one conversation however old it is, and a thread that somebody starts in it is another. What the
command answers for one's own eyes is a conversation for each channel.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

DIRECT = "direct"
COMMAND = "command"

_PREFIX = "slack"


@dataclass(frozen=True)
class Place:
    """Where a person talks to the assistant, and where its answers go.

    Args:
        team: The workspace's id.
        channel: The channel's id.
        user: The person's id.
        part: Which part of the channel the conversation is bound to: a thread's root, `DIRECT`
            for a direct message outside of threads, or `COMMAND`.
        thread: The root of the thread that answers go to; None for the channel itself.

    """

    team: str
    channel: str
    user: str
    part: str
    thread: str | None = None

    @property
    def conversation(self) -> str:
        """The conversation's id: workspace, channel, part of the channel, person."""
        return "-".join((_PREFIX, self.team, self.channel, self.part, self.user))

    @property
    def person(self) -> str:
        """The person's id, over all workspaces."""
        return person(self.team, self.user)

    @property
    def is_direct(self) -> bool:
        """Whether nobody else is there."""
        return self.channel.startswith("D")

    @property
    def is_for_own_eyes(self) -> bool:
        """Whether answers are shown to this person only, in a channel where others are."""
        return self.part == COMMAND

    def in_part(self, part: str) -> Place:
        """Gives the same place, for the conversation of another part of the channel."""
        return replace(self, part=part)


def person(team: str, user: str) -> str:
    """Gives a person's id, over all workspaces."""
    return f"{team}-{user}"


def in_thread(team: str, channel: str, user: str, root: str) -> Place:
    """Gives a place in a thread, whose conversation is bound to it."""
    return Place(team, channel, user, root, root)


def direct(team: str, channel: str, user: str, thread: str | None = None) -> Place:
    """Gives a place in a direct message; answers go to the thread where there is one."""
    return Place(team, channel, user, DIRECT, thread)


def command(team: str, channel: str, user: str) -> Place:
    """Gives the place of what the command answers for one's own eyes."""
    return Place(team, channel, user, COMMAND)
