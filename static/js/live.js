/* The live protocol (docs/protocol.md) as the browser sees it: one socket, a state that stays true, commands with answers.

   import { LiveClient } from "../live.js"
   const live = new LiveClient({
     path: "/ws/floor",
     onState(state, change) {},    // after each snapshot (change is null) and each change; state: {type: data or {id: data}}
     onStatus(status) {},          // {phase: "connecting" | "live" | "slow" | "waiting" | "closed", since, retryAt, code, message}
     onHello(hello) {},
     onNotice(notice) {},          // {code, message}: something a person should know
   })
   live.open()
   await live.command("pause", {campaign: 3})   // resolves with the answer's data, rejects with CommandError {code, message}
   live.now()                      // the server's clock in Unix seconds: compute every clock on screen from it

   It comes back by itself (0.5 to 8 s with jitter), resumes where it was, and asks again when a change is missing.
   It gives up only on the close codes of FINAL_CODES, each a matter for a person. */

const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 8000;
const SLOW_AFTER_MS = 2000;
const DEAD_AFTER_MS = 7000;
const COMMAND_LIMIT_MS = 12000;
const ACKNOWLEDGE_EVERY = 100;

const FINAL_CODES = {
  4401: "You are signed out. Sign in again.",
  4403: "Your role does not allow this page any more.",
  4409: "Another tab took over.",
};

export class CommandError extends Error {
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

export class LiveClient {
  constructor({ path, query = {}, pingEveryMs = 1000, onState, onStatus, onHello, onNotice }) {
    const url = new URL(path, location.href);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    this.url = url.href;
    this.pingEveryMs = pingEveryMs;
    this.handlers = { onState, onStatus, onHello, onNotice };
    this.state = {};
    this.seq = null;
    this.epoch = null;
    this.topic = null;
    this.clockOffset = 0;
    this.pending = new Map();
    this.nextId = 1;
    this.failures = 0;
    this.status = { phase: "connecting", since: Date.now() };
    addEventListener("online", () => this.retryNow());
    addEventListener("offline", () => this.#drop());
  }

  open() {
    this.wanted = true;
    clearTimeout(this.retryTimer);
    this.#setPhase("connecting");
    const socket = new WebSocket(this.url);
    this.socket = socket;
    this.connectTimer = setTimeout(() => this.#drop(), DEAD_AFTER_MS);
    socket.onmessage = (event) => socket === this.socket && this.#receive(JSON.parse(event.data));
    socket.onclose = (event) => socket === this.socket && this.#closed(event.code);
  }

  close() {
    this.wanted = false;
    clearTimeout(this.retryTimer);
    this.socket?.close(1000);
  }

  retryNow() {
    if (this.wanted && this.status.phase === "waiting") this.open();
  }

  now() {
    return Date.now() / 1000 + this.clockOffset;
  }

  command(name, args = {}) {
    if (this.status.phase !== "live" && this.status.phase !== "slow") {
      return Promise.reject(
        new CommandError("not_connected", "Not connected right now. Try again when the banner is gone."),
      );
    }
    const id = `c${this.nextId++}`;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.pending.delete(id);
        reject(new CommandError("timeout", "No answer came in time. Look at your state, then try again."));
      }, COMMAND_LIMIT_MS);
      this.pending.set(id, { resolve, reject, timer });
      this.#send({ op: "command", id, name, args });
    });
  }

  #send(frame) {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(frame));
  }

  #receive(frame) {
    this.heardSince = true;
    if (this.status.phase === "slow") this.#setPhase("live");
    if (frame.server_time) this.#learnClock(frame.server_time);
    const handler = this[`_${frame.op}`];
    if (handler) handler.call(this, frame);
  }

  // The smallest delay seen is nearest to the truth; a jump of more than a second is a clock that was set.
  #learnClock(serverTime) {
    const offset = serverTime - Date.now() / 1000;
    const jumped = Math.abs(offset - this.clockOffset) > 1;
    if (jumped || offset > this.clockOffset || this.clockOffset === 0) this.clockOffset = offset;
  }

  _hello(frame) {
    clearTimeout(this.connectTimer);
    this.failures = 0;
    this.resuming = false;
    this.unacknowledged = 0;
    const canResume = this.topic === frame.topic && this.seq !== null;
    this.topic = frame.topic;
    this.handlers.onHello?.(frame);
    this.#send(canResume ? { op: "resume", seq: this.seq, epoch: this.epoch } : { op: "subscribe" });
    this.#setPhase("live");
    clearInterval(this.pingTimer);
    this.pingSentAt = null;
    this.pingTimer = setInterval(() => this.#heartbeat(), this.pingEveryMs);
  }

  _snapshot(frame) {
    this.state = frame.state;
    this.seq = frame.seq;
    this.epoch = frame.epoch;
    this.resuming = false;
    this.handlers.onState?.(this.state, null);
  }

  _resumed() {
    this.resuming = false;
  }

  _change(frame) {
    this.#acknowledge();
    if (this.seq === null || frame.seq <= this.seq) return;
    if (frame.seq > this.seq + 1) {
      if (!this.resuming) this.#send({ op: "resume", seq: this.seq, epoch: this.epoch });
      this.resuming = true;
      return;
    }
    this.seq = frame.seq;
    applyChange(this.state, frame);
    this.handlers.onState?.(this.state, frame);
  }

  _result(frame) {
    const waiting = this.pending.get(frame.id);
    if (!waiting) return;
    this.pending.delete(frame.id);
    clearTimeout(waiting.timer);
    if (frame.ok) waiting.resolve(frame.data ?? {});
    else waiting.reject(new CommandError(frame.error.code, frame.error.message));
  }

  _notice(frame) {
    this.handlers.onNotice?.(frame);
  }

  _error(frame) {
    this.handlers.onNotice?.(frame);
  }

  #acknowledge() {
    this.unacknowledged += 1;
    if (this.unacknowledged < ACKNOWLEDGE_EVERY) return;
    this.unacknowledged = 0;
    this.#send({ op: "ping" });
  }

  // A ping without any frame since is the only proof of a dead line: a hidden tab's timers are late by themselves.
  #heartbeat() {
    const silentMs = this.pingSentAt && !this.heardSince ? Date.now() - this.pingSentAt : 0;
    if (silentMs >= DEAD_AFTER_MS) return this.#drop();
    if (silentMs >= SLOW_AFTER_MS - this.pingEveryMs / 2 && this.status.phase === "live")
      this.#setPhase("slow");
    if (silentMs > 0) return;
    this.pingSentAt = Date.now();
    this.heardSince = false;
    this.unacknowledged = 0;
    this.#send({ op: "ping" });
  }

  #drop() {
    const socket = this.socket;
    if (!socket || socket.readyState === WebSocket.CLOSED) return;
    this.#closed(1006);
    socket.close();
  }

  #closed(code) {
    this.socket = null;
    clearTimeout(this.connectTimer);
    clearInterval(this.pingTimer);
    this.#failPending();
    if (!this.wanted || FINAL_CODES[code]) {
      this.wanted = false;
      return this.#setPhase("closed", { code, message: FINAL_CODES[code] ?? "" });
    }
    const ceiling = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** this.failures);
    const delay = Math.max(FIRST_RETRY_MS, ceiling * (0.5 + Math.random() / 2));
    this.failures += 1;
    this.#setPhase("waiting", { code, retryAt: Date.now() + delay });
    this.retryTimer = setTimeout(() => this.open(), delay);
  }

  #failPending() {
    const lost = new CommandError(
      "not_connected",
      "The connection broke before the answer came. Look at your state, then try again.",
    );
    for (const waiting of this.pending.values()) {
      clearTimeout(waiting.timer);
      waiting.reject(lost);
    }
    this.pending.clear();
  }

  #setPhase(phase, more = {}) {
    const connected = (value) => value === "live" || value === "slow";
    const since = connected(phase) === connected(this.status.phase) ? this.status.since : Date.now();
    this.status = { phase, since, ...more };
    this.handlers.onStatus?.(this.status);
  }
}

// The same rule as dialer.live.topics.apply.
export function applyChange(state, change) {
  if (change.change === "put") {
    if (change.id) state[change.type] = { ...state[change.type], [change.id]: change.data };
    else state[change.type] = change.data;
  } else if (change.id) {
    const { [change.id]: _gone, ...rest } = state[change.type] ?? {};
    state[change.type] = rest;
  } else {
    delete state[change.type];
  }
}
