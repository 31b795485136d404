/* Runs in the page before its own scripts: notes what the speaker plays, and when headings appear. */
(() => {
  const RATE_HZ = 8000;
  const KEPT_S = 60;
  const samples = [];
  const tap = { speaker: null, headings: [] };
  window.tap = tap;

  /** The 16-bit samples that came since the last call. */
  tap.take = () => samples.splice(0);

  function note(data) {
    const plane = new Float32Array(data.numberOfFrames);
    data.copyTo(plane, { planeIndex: 0, format: "f32-planar" });
    const step = Math.round(data.sampleRate / RATE_HZ);
    for (let at = 0; at + step <= plane.length; at += step) {
      const mean = plane.subarray(at, at + step).reduce((sum, sample) => sum + sample, 0) / step;
      samples.push(Math.round(32767 * mean));
    }
    if (samples.length > KEPT_S * RATE_HZ) samples.splice(0, samples.length - KEPT_S * RATE_HZ);
  }

  async function listen(track) {
    const reader = new MediaStreamTrackProcessor({ track }).readable.getReader();
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      note(value);
      value.close();
    }
  }

  window.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(...given) {
      super(...given);
      this.addEventListener("track", ({ track }) => listen(track));
    }
  };

  const play = HTMLMediaElement.prototype.play;
  HTMLMediaElement.prototype.play = function () {
    tap.speaker = this;
    return play.call(this);
  };

  new MutationObserver(() => {
    const text = document.querySelector("h1")?.textContent ?? "";
    if (text !== tap.headings.at(-1)?.text) tap.headings.push({ text, at: Date.now() / 1000 });
  }).observe(document, { subtree: true, childList: true, characterData: true });
})();
