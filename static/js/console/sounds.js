/** Short sounds that the page makes by itself; those of a call come from the media node. */

const PATTERNS = {
  lost: [
    [520, 0, 0.16],
    [390, 0.2, 0.28],
  ],
  ending: [
    [660, 0, 0.09],
    [660, 0.16, 0.09],
  ],
};
const LOUDNESS = 0.12;
const FADE_S = 0.02;

let context = null;

/** The page's audio context; a browser lets it sound after the first key or click. */
export function audioContext() {
  context ??= new AudioContext();
  return context;
}

/** Play "lost" (the connection broke) or "ending" (wrap-up runs out). */
export function play(name) {
  const audio = audioContext();
  if (audio.state !== "running") return;
  for (const [frequency, after, length] of PATTERNS[name]) {
    const [oscillator, gain] = [audio.createOscillator(), audio.createGain()];
    const start = audio.currentTime + after;
    oscillator.frequency.value = frequency;
    gain.gain.setValueAtTime(0, start);
    gain.gain.linearRampToValueAtTime(LOUDNESS, start + FADE_S);
    gain.gain.linearRampToValueAtTime(0, start + length);
    oscillator.connect(gain).connect(audio.destination);
    oscillator.start(start);
    oscillator.stop(start + length);
  }
}

for (const gesture of ["pointerdown", "keydown"]) {
  addEventListener(gesture, () => context?.resume(), { capture: true });
}
