"""Logs: static messages, values under keys, phone numbers masked and secrets dropped in this one place."""

from __future__ import annotations

import logging
import logging.config
import re
from typing import Any

import structlog

PHONE = re.compile(r"\+?\d[\d\-. ()]{5,}\d")
SECRET_KEYS = frozenset(
    {"password", "secret", "token", "authorization", "api_key", "permit", "identity", "cookie"}
)
NUMERIC_KEYS = frozenset(
    {
        "at",
        "timestamp",
        "call",
        "session",
        "seconds",
        "pid",
        "port",
        "position",
        "epoch",
        "node",
        "hook",
        "event_id",
        "head",
    }
)
"""Keys whose digits are no phone numbers."""


def mask_number(number: str) -> str:
    """A phone number as logs and unprivileged screens show it: country and area kept, two last digits shown."""
    digits = re.sub(r"\D", "", number)
    if len(digits) < 7:
        return "•" * len(digits)
    return ("+" if number.startswith("+") else "") + digits[:4] + "•" * (len(digits) - 6) + digits[-2:]


def _mask_text(text: str) -> str:
    return PHONE.sub(
        lambda found: mask_number(found[0]) if sum(c.isdigit() for c in found[0]) >= 7 else found[0], text
    )


def redact(_logger: Any, _method: str, event: dict[str, Any]) -> dict[str, Any]:
    """Drop secrets and mask whatever looks like a phone number."""
    for key, value in event.items():
        if key.lower() in SECRET_KEYS:
            event[key] = "[hidden]"
        elif key not in NUMERIC_KEYS and isinstance(value, str):
            event[key] = _mask_text(value)
    return event


def configure(settings: dict[str, Any]) -> None:
    """Send structlog and the standard library's logs through one chain. ``settings``: level, json."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        redact,
    ]
    renderer: Any = (
        structlog.processors.JSONRenderer()
        if settings["json"]
        else structlog.dev.ConsoleRenderer(colors=False)
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {
                "one": {
                    "()": structlog.stdlib.ProcessorFormatter,
                    "foreign_pre_chain": shared,
                    "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
                }
            },
            "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "one"}},
            "root": {"handlers": ["stderr"], "level": settings["level"]},
            "loggers": {
                "django.server": {"level": "WARNING"},
                "daphne": {"level": "WARNING"},
                "aioice": {"level": "WARNING"},
                "aiortc": {"level": "WARNING"},
                "httpx": {"level": "WARNING"},
                "celery": {"level": "WARNING"},
                "axes": {"level": "WARNING"},
            },
        }
    )
