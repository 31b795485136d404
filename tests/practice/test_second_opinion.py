"""Programs that are not ours agree with the carrier: sipp as the caller."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from dialer.practice.carrier import Carrier
from dialer.practice.plan import Practice

from ..requirements import need_program
from .conftest import StartCarrier

pytestmark = pytest.mark.media


async def run_sipp(carrier: Carrier, number: str, folder: Path, *more: str) -> tuple[int, str]:
    """Exit status and last screen of sipp's own caller, 20 calls at 40 a second."""
    command = ["-sn", "uac", "-s", number, "-i", "127.0.0.1", "-m", "20", "-r", "40", "-nostdin", *more]
    process = await asyncio.create_subprocess_exec(
        need_program("sipp"),
        *command,
        f"127.0.0.1:{carrier.port}",
        cwd=folder,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    screen, _ = await asyncio.wait_for(process.communicate(), 60)
    return process.returncode or 0, screen.decode("latin-1")


@pytest.mark.parametrize("transport", ["u1", "t1"])
async def test_sipp_completes_calls_over_udp_and_tcp(
    start_carrier: StartCarrier, tmp_path: Path, transport: str
) -> None:
    carrier = await start_carrier(Practice(delay_scale=0.02, talk_scale=100))
    status, screen = await run_sipp(carrier, "12125550103", tmp_path, "-t", transport, "-d", "50")
    assert status == 0, screen
    assert carrier.report.codes == {"200": 20}
    assert carrier.report.counts["ended_by_caller"] == 20
    assert carrier.report.counts["never_acked"] == 0
    assert carrier.report.counts["malformed"] == 0


async def test_sipp_sees_every_busy(start_carrier: StartCarrier, tmp_path: Path) -> None:
    carrier = await start_carrier()
    status, screen = await run_sipp(carrier, "12125550170", tmp_path)
    assert status == 1, screen
    assert carrier.report.codes == {"486": 20}
    assert carrier.report.live == 0
