"""The command refuses settings with which no browser could be answered, and names them."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command

pytestmark = pytest.mark.integration


@pytest.mark.parametrize(
    ("setting", "value", "named"),
    [
        ("MEDIA_HOSTS", ["192.0.2.77"], "PACELINE_MEDIA_HOSTS"),
        ("ICE_SERVERS", ["http://stun"], "PACELINE_ICE_SERVERS"),
        ("AUDIO_ADDRESS", "tcp:127.0.0.1:9", "PACELINE_AUDIO_ADDRESS"),
        ("AUDIO_ADDRESS", "udp:192.0.2.77:9000", "PACELINE_AUDIO_ADDRESS"),
        ("AUDIO_ADDRESS", "unix:/" + 120 * "x", "PACELINE_AUDIO_ADDRESS"),
    ],
)
def test_a_setting_that_cannot_work_is_named(settings, setting: str, value: object, named: str) -> None:
    setattr(settings, setting, value)
    with pytest.raises(CommandError, match=named):
        call_command("media")
