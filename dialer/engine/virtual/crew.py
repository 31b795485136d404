"""Agents at simulated consoles: they see what the room shows them, and send the commands of a console."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from random import Random
from typing import Any

from agents.choices import AgentState
from dialer.bus import schemas
from dialer.live.topics import agent_topic

from ..room.effects import TopicChange
from .agenda import Action, Agenda
from .far_end import FIRST_AUDIO_S, FarEnd
from .house import CAMPAIGN, MACHINE, MEDIA_NODE, REACHED
from .spells import Mixture
from .values import Scenario, Spell

FAR_HANGS_UP_SHARE = 0.5
"""Of the talks; the agent ends the others."""
UNTIL_MACHINE_HEARD = (Spell(8.0, 0.4),)
"""How long an agent listens until it is plain that a machine speaks; the disposition then ends the call."""
END_OF_SHIFT = "end of shift"

Send = Callable[[schemas.Message], None]


class Refused(RuntimeError):
    """The room refused what a console asked for: the simulated console and the room disagree."""


@dataclass(slots=True)
class Agent:
    """An agent as their own console shows them."""

    id: int
    session: str
    state: str = AgentState.OFFLINE
    call: str = ""
    leaving: bool = False
    seen: tuple[str, str] = (AgentState.OFFLINE, "")
    """The state and the call that the agent acted on last."""


class Crew:
    """Everybody who is signed in.

    ``send`` gives a message to the room; ``wake`` lets it look at its limits now.
    """

    def __init__(
        self, scenario: Scenario, agenda: Agenda, chance: Random, send: Send, wake: Action, far_end: FarEnd
    ) -> None:
        self._agenda, self._chance, self._far_end = agenda, chance, far_end
        self._send, self._wake = send, wake
        self._talks = Mixture(scenario.crew.talks, chance)
        self._wrapups = Mixture(scenario.crew.wrapups, chance)
        self._listening = Mixture(UNTIL_MACHINE_HEARD, chance)
        self._wrapup_limit_s = scenario.wrapup_limit_s
        self._agents: dict[str, Agent] = {}
        """Topic → the agent whose console shows it."""
        self._sessions: dict[str, Agent] = {}
        self._hired = 0

    def staff(self, wanted: int) -> None:
        """Let so many agents be on duty: others come, or the last to come leave after the call at hand."""
        staying = [agent for agent in self._agents.values() if not agent.leaving]
        for _ in range(wanted - len(staying)):
            self._sign_in()
        for agent in staying[wanted:]:
            self._let_go(agent)

    @property
    def signed_in(self) -> int:
        """How many consoles are open."""
        return len(self._agents)

    def see(self, change: TopicChange) -> None:
        """A console gets a change of its topic."""
        agent = self._agents.get(change.topic)
        if agent is None:
            return
        if change.type == "call":
            agent.call = change.data["id"] if change.data else ""
        elif change.type == "agent":
            self._see_state(change.topic, agent, change.data["state"])

    def hear(self, command: Any) -> None:
        """A command for the media node of the crew: an agent is joined with a call."""
        agent = self._sessions.get(command.session)
        if isinstance(command, schemas.Join) and agent is not None:
            heard = partial(self._media, schemas.Joined, agent, call=command.call)
            self._agenda.after(FIRST_AUDIO_S, heard)

    @staticmethod
    def read(reply_to: str, reply: schemas.Reply) -> None:
        """The answer to a command. Raises ``Refused``."""
        if isinstance(reply, schemas.Failed):
            raise Refused(f"{reply_to}: {reply.message}")

    # --- coming and going ---

    def _sign_in(self) -> None:
        self._hired += 1
        agent = Agent(self._hired, f"session-{self._hired}")
        self._agents[agent_topic(agent.id)] = self._sessions[agent.session] = agent
        self._ask(agent, "join", name=f"Agent {agent.id}")
        self._media(schemas.SessionUp, agent)
        self._ask(agent, "ready")

    def _let_go(self, agent: Agent) -> None:
        agent.leaving = True
        if agent.state in (AgentState.TALKING, AgentState.WRAPUP):
            self._ask(agent, "pause", reason=END_OF_SHIFT)
        else:
            self._ask(agent, "sign_out")

    # --- a call ---

    def _see_state(self, topic: str, agent: Agent, state: str) -> None:
        if (state, agent.call) == agent.seen:
            return
        agent.state, agent.seen = state, (state, agent.call)
        if state == AgentState.TALKING:
            self._talk(agent)
        elif state == AgentState.WRAPUP:
            self._wrap_up(agent)
        elif state == AgentState.PAUSED and agent.leaving:
            self._agenda.after(0.0, partial(self._ask, agent, "sign_out"))
        elif state == AgentState.OFFLINE:
            del self._agents[topic], self._sessions[agent.session]

    def _talk(self, agent: Agent) -> None:
        if self._far_end.is_machine(agent.call):
            said = partial(self._dispose, agent, agent.seen, MACHINE)
            self._agenda.after(self._listening.draw(), said)
            return
        far = self._chance.random() < FAR_HANGS_UP_SHARE
        end = partial(self._far_end.hang_up, agent.call) if far else partial(self._hang_up, agent, agent.seen)
        self._agenda.after(self._talks.draw(), end)

    def _hang_up(self, agent: Agent, seen: tuple[str, str]) -> None:
        if agent.seen == seen:
            self._ask(agent, "hangup")

    def _wrap_up(self, agent: Agent) -> None:
        seconds = self._wrapups.draw()
        if seconds < self._wrapup_limit_s:
            self._agenda.after(seconds, partial(self._dispose, agent, agent.seen, REACHED))
        else:
            self._agenda.after(self._wrapup_limit_s, self._wake)

    def _dispose(self, agent: Agent, seen: tuple[str, str], disposition: int) -> None:
        if agent.seen == seen:
            self._ask(agent, "dispose", call=agent.call, disposition=disposition)

    def _ask(self, agent: Agent, name: str, /, **args: object) -> None:
        command = schemas.AgentCommand(
            agent=agent.id, session=agent.session, name=name, args=args, reply_to=f"{agent.session}: {name}"
        )
        self._send(command)

    def _media(self, kind: Any, agent: Agent, **more: Any) -> None:
        at = self._agenda.now
        self._send(
            kind(session=agent.session, agent=agent.id, campaign=CAMPAIGN, node=MEDIA_NODE, at=at, **more)
        )
