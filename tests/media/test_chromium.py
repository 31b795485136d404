"""A real Chromium hears the lead, and its microphone reaches the line side."""

from __future__ import annotations

import uuid

import numpy as np
import pytest
from playwright.async_api import Page, async_playwright

from dialer.bus import schemas
from tests.requirements import need_program

from .rig import Rig, Tone

pytestmark = [pytest.mark.media, pytest.mark.browser]

FLAGS = [
    "--no-sandbox",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
]
PAGE = """<!doctype html><title>agent</title><audio id="ear" autoplay></audio><script>
async function connect() {
  const microphone = await navigator.mediaDevices.getUserMedia({audio: true});
  const connection = new RTCPeerConnection();
  connection.addTrack(microphone.getAudioTracks()[0], microphone);
  connection.ontrack = ({track}) => {
    const stream = new MediaStream([track]);
    document.getElementById("ear").srcObject = stream;
    const context = new AudioContext();
    window.analyser = context.createAnalyser();
    analyser.fftSize = 2048;
    context.createMediaStreamSource(stream).connect(analyser);
  };
  await connection.setLocalDescription();
  if (connection.iceGatheringState !== "complete") {
    await new Promise(done => connection.onicegatheringstatechange =
      () => connection.iceGatheringState === "complete" && done());
  }
  const sdp = await openSession(connection.localDescription.sdp);
  await connection.setRemoteDescription({type: "answer", sdp});
  window.connection = connection;
}
function pitch() {
  const bins = new Float32Array(analyser.frequencyBinCount);
  analyser.getFloatFrequencyData(bins);
  const top = bins.indexOf(Math.max(...bins));
  return {hz: top * analyser.context.sampleRate / analyser.fftSize, level: bins[top]};
}
</script>"""


HEARS_THE_LEAD = """(() => {
  const {hz, level} = pitch();
  return level > -50 && Math.abs(hz - 440) < 30;
})()"""
CODECS = """connection.getStats().then(report =>
  [...report.values()].filter(entry => entry.type === "codec").map(entry => entry.mimeType))"""


async def open_page(rig: Rig, page: Page, session: str) -> None:
    """Give the page what the console's page has: a way to send an offer to the media node."""

    async def open_session(sdp: str) -> str:
        answer = await rig.ask(sdp, session)
        assert isinstance(answer, schemas.SessionAnswer), answer
        return answer.sdp

    await page.expose_function("openSession", open_session)
    await page.route("**/agent", lambda route: route.fulfill(body=PAGE, content_type="text/html"))
    await page.goto("http://localhost/agent")
    await page.evaluate("connect()")
    await rig.until(lambda: rig.node.board.sessions[session].up, limit_s=15)


async def test_chromium_hears_the_lead_and_is_heard_and_survives_a_reload(rig: Rig) -> None:
    session = uuid.uuid4().hex
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=need_program("chromium"), args=FLAGS)
        page = await browser.new_page()
        await open_page(rig, page, session)
        child = rig.child(Tone(440))
        await rig.tell(schemas.Join(session=session, call="c", key=child.key))
        await page.wait_for_function(HEARS_THE_LEAD)
        await rig.until(lambda: max(np.abs(frame).max() for frame in child.ears.frames) > 1000, limit_s=10)
        await rig.until(lambda: rig.told(schemas.AudioHeard) and rig.told(schemas.Joined))
        assert set(await page.evaluate(CODECS)) == {"audio/PCMU"}

        await page.reload()
        await rig.until(lambda: [e.why for e in rig.told(schemas.SessionDown)] == ["closed"], limit_s=10)
        await rig.until(lambda: 2 < child.ears.level(10) < 40)
        child.ears.frames.clear()
        await page.evaluate("connect()")
        await page.wait_for_function(HEARS_THE_LEAD)
        await rig.until(lambda: max(np.abs(frame).max() for frame in child.ears.frames) > 1000, limit_s=10)

        await browser.close()
        await rig.until(lambda: len(rig.told(schemas.SessionDown)) == 2, limit_s=10)
