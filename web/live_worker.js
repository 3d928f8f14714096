/* live_worker - the shared worker that holds the one connection (live.js).
 * A tab that joins is told how things stand. */
import { follow } from "./live_source.js";

const ports = new Set();
let stop;
let last;

function tell(message) {
  last = { type: "state", live: message.live !== false, at: message.at };
  ports.forEach((port) => port.postMessage(message));
}

function leave(port) {
  ports.delete(port);
  if (ports.size === 0 && stop) {
    stop();
    stop = undefined;
    last = undefined;
  }
}

function join(port, { source, events }) {
  ports.add(port);
  if (!stop) {
    stop = follow(source, events, tell);
  } else if (last) {
    port.postMessage(last);
  }
}

onconnect = (event) => {
  const port = event.ports[0];
  port.onmessage = ({ data }) =>
    data.end ? leave(port) : join(port, data);
};
