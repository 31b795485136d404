"""One call by itself: lawful steps, one end, one fate, and a dial that was allowed."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from campaigns.choices import Outcome
from dialer.calls.choices import Stage
from dialer.calls.states import CallStep, IllegalStep, transition

from .values import CallStory, Violation

STEPS = {step.value: step for step in CallStep}
MET = (Outcome.CONNECTED, Outcome.ABANDONED, Outcome.MACHINE)
"""Every answered call ends as one of these: an agent, the message, a machine."""
Rule = Callable[[CallStory], Iterator[str]]


def judge(story: CallStory) -> Iterator[Violation]:
    """Everything that is wrong with a call that is over."""
    for name, rule in RULES.items():
        for evidence in rule(story):
            yield Violation(name, f"call {story.id}", evidence)


def _lawful(story: CallStory) -> Iterator[str]:
    """The stages follow each other as the table of states allows; an answer may come late, after the end."""
    stage = Stage.PLACED
    for step in story.steps:
        what = STEPS.get(step.kind)
        if what is None or step.data.get("late"):
            continue
        try:
            stage = transition(stage, what)
        except IllegalStep as error:
            yield f"step {step.number}: {error}"


def _closed(story: CallStory) -> Iterator[str]:
    ends = len(story.having("ended"))
    if ends != 1:
        yield f"it ended {ends} times"
    if story.stage != Stage.ENDED or not story.outcome:
        yield f"its record says stage “{story.stage}”, outcome “{story.outcome}”"
    if len(story.having("disposed")) > 1:
        yield "it was disposed of more than once"
    if bool(story.having("disposed")) != story.disposed:
        yield "record and steps disagree on its disposition"


def _one_fate(story: CallStory) -> Iterator[str]:
    """Every answered call has exactly one of agent, message, machine; no other call has an agent or a message."""
    agents = [step.data.get("agent") for step in story.having("connected")]
    if len(agents) > 1:
        yield f"it was joined {len(agents)} times, with agents {agents}"
    if story.answered and story.outcome not in MET:
        yield f"it was answered and its outcome is “{story.outcome}”"
    if not story.answered and story.outcome in (Outcome.CONNECTED, Outcome.ABANDONED):
        yield f"nobody answered and its outcome is “{story.outcome}”"
    if agents and story.outcome == Outcome.ABANDONED:
        yield f"it met agent {agents[0]} and counts as abandoned"
    if story.outcome == Outcome.CONNECTED and not agents:
        yield "it counts as a talk and met nobody"
    if story.having("message") and story.outcome != Outcome.ABANDONED:
        yield f"it heard the message and its outcome is “{story.outcome}”"


def _agrees(story: CallStory) -> Iterator[str]:
    answers = len(story.having("answered"))
    if answers > 1 or bool(answers) != story.answered:
        yield f"its record says answered: {story.answered}, its steps say so {answers} times"
    joined = story.having("connected")
    if bool(joined) != story.connected:
        yield "record and steps disagree on whether it met an agent"
    if joined and joined[0].data.get("agent") != story.agent:
        yield f"it was joined with agent {joined[0].data.get('agent')}, its record names {story.agent}"


def _heard_by_its_agent(story: CallStory) -> Iterator[str]:
    """The media nodes' word: whoever heard the lead is the agent of the call."""
    allowed = {step.data.get("agent") for step in story.having("connected")}
    for step in story.having("heard"):
        if step.data.get("agent") not in allowed:
            yield f"agent {step.data.get('agent')} heard it on {step.data.get('node')}; it was joined with {allowed}"


def _permitted(story: CallStory) -> Iterator[str]:
    """The gate's recorded grant, the record, and the node's word on the INVITE name the same permit and epoch."""
    if not story.granted_permit or story.granted_permit != story.permit:
        yield f"its permit is {story.permit or 'none'}, the gate's decision names {story.granted_permit or 'none'}"
    dials = [step for step in story.having("trying") if step.data.get("permit")]
    if len({(step.data["node"], step.at) for step in dials}) > 1:
        yield f"{len(dials)} INVITEs left, on {[step.data['node'] for step in dials]}"
    for step in dials:
        if (step.data["permit"], step.data["epoch"]) != (story.permit, story.epoch):
            yield f"the INVITE left on permit {step.data['permit']} of epoch {step.data['epoch']}"


RULES: dict[str, Rule] = {
    "stages are lawful": _lawful,
    "records are closed": _closed,
    "one of agent, message, machine": _one_fate,
    "record and steps agree": _agrees,
    "heard by its agent only": _heard_by_its_agent,
    "one dial on one permit": _permitted,
}
"""What is promised of every call, and what finds it broken."""
