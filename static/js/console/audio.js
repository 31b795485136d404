/** The agent's audio: the microphone, and one WebRTC session to a media node that stays up for the whole session. */

import { audioContext } from "./sounds.js";
import {
  agent,
  config,
  connected,
  devices,
  level,
  microphone,
  otherTab,
  path,
  pathProblem,
  quality,
  signedOutAt,
  voiceHeard,
} from "./state.js";

const GATHER_LIMIT_MS = 1500;
const LEVEL_EVERY_MS = 100;
const STATS_EVERY_MS = 2000;
const UP_LIMIT_MS = 8000;
const DISCONNECTED_GRACE_MS = 2500;
const RETRY_FIRST_MS = 1000;
const RETRY_LONGEST_MS = 8000;
const VOICE_LEVEL = 0.12;
const DEVICE_KEY = "paceline.microphone";

let stream = null;
let peer = null;
let retryTimer = null;
let failures = 0;
let sendOffer = null;
const speaker = new Audio();
speaker.autoplay = true;

/** Begin: `offer` sends an SDP offer and resolves with the answer. The microphone is opened if it was allowed before. */
export async function startAudio(offer) {
  sendOffer = offer;
  setInterval(measureLevel, LEVEL_EVERY_MS);
  setInterval(measurePath, STATS_EVERY_MS);
  navigator.mediaDevices?.addEventListener("devicechange", listDevices);
  const permission = await navigator.permissions?.query({ name: "microphone" }).catch(() => null);
  if (permission?.state === "granted") await openMicrophone();
  else if (permission?.state === "denied") microphone.value = "blocked";
  permission?.addEventListener("change", () => permission.state === "granted" && openMicrophone());
}

/** Ask for the microphone, or change to another one. */
export async function openMicrophone(deviceId = localStorage.getItem(DEVICE_KEY)) {
  if (!navigator.mediaDevices) return void (microphone.value = "blocked");
  microphone.value = microphone.value === "on" ? "on" : "asking";
  try {
    const wanted = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
    const opened = await navigator.mediaDevices.getUserMedia({
      audio: deviceId ? { ...wanted, deviceId } : wanted,
    });
    useStream(opened);
  } catch (error) {
    microphone.value = error.name === "NotAllowedError" ? "blocked" : "missing";
  }
}

/** Remember a device and change to it. */
export function chooseDevice(deviceId) {
  localStorage.setItem(DEVICE_KEY, deviceId);
  return openMicrophone(deviceId);
}

/** The device that is open now. */
export function currentDevice() {
  return stream?.getAudioTracks()[0]?.getSettings().deviceId ?? "";
}

/** Silence the microphone at once, before the server has answered. */
export function muteLocally(on) {
  for (const track of stream?.getAudioTracks() ?? []) track.enabled = !on;
}

/** Bring the session up if it is not. */
export function ensurePath() {
  const wanted = stream && connected.value && !otherTab.value && !signedOutAt.value && agent.value;
  if (wanted && !peer && !retryTimer) connect();
}

/** Lay the session anew: the server says that it does not hear us. */
export function renewPath() {
  dropPeer();
  ensurePath();
}

/** Let go of microphone and session. */
export function stopAudio() {
  dropPeer();
  for (const track of stream?.getTracks() ?? []) track.stop();
  stream = null;
  microphone.value = "unknown";
}

let analyser = null;

function useStream(opened) {
  for (const track of stream?.getTracks() ?? []) track.stop();
  stream = opened;
  microphone.value = "on";
  const track = opened.getAudioTracks()[0];
  track.onended = () => microphone.value === "on" && (microphone.value = "missing");
  analyser = audioContext().createAnalyser();
  analyser.fftSize = 1024;
  audioContext().createMediaStreamSource(opened).connect(analyser);
  muteLocally(Boolean(agent.value?.muted));
  listDevices();
  const sender = peer?.getSenders().find((candidate) => candidate.track?.kind === "audio");
  if (sender) sender.replaceTrack(track);
  else ensurePath();
}

async function listDevices() {
  const found = await navigator.mediaDevices.enumerateDevices();
  devices.value = found
    .filter(({ kind }) => kind === "audioinput")
    .map(({ deviceId, label }) => ({ deviceId, label }));
}

async function connect() {
  const made = new RTCPeerConnection({ iceServers: config.ice_servers });
  peer = made;
  path.value = "connecting";
  made.ontrack = ({ track }) => {
    speaker.srcObject = new MediaStream([track]);
    speaker.play().catch(() => addEventListener("pointerdown", () => speaker.play(), { once: true }));
  };
  made.onconnectionstatechange = () => made === peer && follow(made);
  try {
    made.addTrack(stream.getAudioTracks()[0], stream);
    await made.setLocalDescription(await made.createOffer());
    await gathered(made);
    const answer = await sendOffer(made.localDescription.sdp);
    if (made !== peer) return;
    await made.setRemoteDescription({ type: "answer", sdp: answer.sdp });
    setTimeout(
      () =>
        made === peer &&
        path.value !== "up" &&
        fail("The audio server cannot be reached from here. Check VPN and firewall."),
      UP_LIMIT_MS,
    );
  } catch (error) {
    if (made === peer) fail(error.message);
  }
}

function gathered(made) {
  if (made.iceGatheringState === "complete") return Promise.resolve();
  return new Promise((resolve) => {
    setTimeout(resolve, GATHER_LIMIT_MS);
    made.onicegatheringstatechange = () => made.iceGatheringState === "complete" && resolve();
  });
}

function follow(made) {
  const state = made.connectionState;
  if (state === "connected") {
    failures = 0;
    pathProblem.value = "";
    path.value = "up";
  } else if (state === "failed" || state === "closed") {
    fail("The audio connection broke.");
  } else if (state === "disconnected") {
    path.value = "connecting";
    setTimeout(
      () => made === peer && made.connectionState === "disconnected" && fail("The audio connection broke."),
      DISCONNECTED_GRACE_MS,
    );
  }
}

function fail(problem) {
  dropPeer();
  pathProblem.value = problem;
  const delay = Math.min(RETRY_LONGEST_MS, RETRY_FIRST_MS * 2 ** failures) * (0.75 + Math.random() / 2);
  failures += 1;
  retryTimer = setTimeout(() => {
    retryTimer = null;
    ensurePath();
  }, delay);
}

function dropPeer() {
  clearTimeout(retryTimer);
  retryTimer = null;
  const gone = peer;
  peer = null;
  if (gone) {
    gone.onconnectionstatechange = null;
    gone.close();
  }
  path.value = "down";
  quality.value = null;
}

const samples = new Float32Array(1024);

function measureLevel() {
  if (!analyser || microphone.value !== "on") return void (level.value = 0);
  analyser.getFloatTimeDomainData(samples);
  const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
  const decibel = 10 * Math.log10(power + 1e-9);
  level.value = Math.round(Math.min(1, Math.max(0, (decibel + 60) / 55)) * 20) / 20;
  if (level.value > VOICE_LEVEL) voiceHeard.value = true;
}

let before = { lost: 0, received: 0 };

async function measurePath() {
  if (!peer || path.value !== "up") return;
  const report = [...(await peer.getStats()).values()];
  const inbound = report.find((entry) => entry.type === "inbound-rtp") ?? {};
  const remote = report.find((entry) => entry.type === "remote-inbound-rtp") ?? {};
  const pair = report.find((entry) => entry.type === "candidate-pair" && entry.nominated) ?? {};
  const [lost, received] = [inbound.packetsLost ?? 0, inbound.packetsReceived ?? 0];
  const passed = Math.max(0, lost - before.lost) + Math.max(0, received - before.received);
  const lossShare = passed ? Math.max(0, lost - before.lost) / passed : 0;
  before = { lost, received };
  const rttMs = Math.round(1000 * (remote.roundTripTime ?? pair.currentRoundTripTime ?? 0));
  quality.value = rate({
    rttMs,
    lossShare: Math.max(lossShare, remote.fractionLost ?? 0),
    jitterMs: Math.round(1000 * (inbound.jitter ?? 0)),
  });
}

/* ITU-T G.114: under 150 ms one way goes unnoticed; loss over 1 % is heard, over 5 % hurts. */
function rate(measured) {
  const { rttMs, lossShare, jitterMs } = measured;
  const poor = rttMs > 400 || lossShare > 0.05 || jitterMs > 60;
  const fair = rttMs > 250 || lossShare > 0.01 || jitterMs > 30;
  return { ...measured, word: poor ? "Poor" : fair ? "Fair" : "Good" };
}
