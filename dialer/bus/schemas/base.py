"""What all messages have in common, and how they are written and read."""

from __future__ import annotations

import msgspec


class Message(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    omit_defaults=True,
    tag_field="type",
):
    """What all messages have in common: a tag, and no field that the schema does not name."""


class Drain(Message, frozen=True, kw_only=True, tag="node.drain"):
    """Take no new work; stop when the last call or session has ended."""


_encoder = msgspec.msgpack.Encoder()


def encode(message: Message) -> bytes:
    """The message as it travels."""
    return _encoder.encode(message)


def decoder(kind: object) -> msgspec.msgpack.Decoder:
    """A decoder for one of the unions above; it raises ``msgspec.ValidationError`` for anything else."""
    return msgspec.msgpack.Decoder(kind)
