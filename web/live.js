/* live - one connection to the collector for all tabs of a browser.
 *
 * A shared worker holds it; where there is none, the tab that holds a lock
 * does, and tells the others. What comes in:
 *   {type: "state", live}        the connection stands, or is lost
 *   {type, data}                 an event of the stream
 */
import { follow } from "./live_source.js";
import { createStore } from "./store.js";

/* {live}: true, false, or undefined while that is not known yet. */
export const link = createStore({ live: undefined });
/* When the collector was last heard, in ms: until then the figures were those
 * of the ledger. */
export const lastHeard = createStore(0);

const listeners = new Set();

export function listen(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/* Tells who listens what else is known to be new. */
export function announce(message) {
  listeners.forEach((listener) => listener(message));
}

function take(message) {
  const live = message.live !== false;
  link.set({ live });
  if (live) {
    lastHeard.set(message.at);
  }
  if (message.type !== "state") {
    announce(message);
  }
}

/* LIVE_WORKER is the address of the built worker (tools of the build). */
function throughWorker(source, events) {
  const worker = new SharedWorker(LIVE_WORKER, { name: source });
  worker.port.onmessage = (event) => take(event.data);
  const join = () => worker.port.postMessage({ source, events });
  join();
  addEventListener("pagehide", () => worker.port.postMessage({ end: true }));
  addEventListener("pageshow", join);
  return () => worker.port.postMessage({ end: true });
}

function throughLeader(source, events) {
  const channel = new BroadcastChannel(source);
  const control = new AbortController();
  let stop = () => {};
  channel.onmessage = (event) => take(event.data);
  navigator.locks
    .request(source, { signal: control.signal }, () => {
      stop = follow(source, events, (message) => {
        take(message);
        channel.postMessage(message);
      });
      return new Promise((release) => {
        control.signal.onabort = release;
      });
    })
    .catch(() => {});
  return () => {
    stop();
    control.abort();
    channel.close();
  };
}

/* Follows a stream, of which `events` are taken, until the function given back
 * is called. */
export function connect(source, events) {
  link.set({ live: undefined });
  return window.SharedWorker ? throughWorker(source, events)
    : throughLeader(source, events);
}
