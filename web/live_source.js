/* live_source - an event stream that comes back by itself and knows when it
 * is dead: the other side sends a beat every 15 s. */
const SILENCE_MS = 40000;
const RETRY_MS = 3000;
const RETRY_MS_MAX = 30000;

/* Tells `tell` every message of live.js, of the events that are named; gives
 * what ends it. */
export function follow(address, events, tell) {
  let source;
  let timer;
  let retry = RETRY_MS;

  const wait = (ms, then) => {
    clearTimeout(timer);
    timer = setTimeout(then, ms);
  };
  const lost = () => {
    source.close();
    tell({ type: "state", live: false, at: Date.now() });
    wait(retry, open);
    retry = Math.min(retry * 2, RETRY_MS_MAX);
  };
  const open = () => {
    source = new EventSource(address);
    source.onerror = lost;
    source.onopen = () => {
      retry = RETRY_MS;
      tell({ type: "state", live: true, at: Date.now() });
      wait(SILENCE_MS, lost);
    };
    for (const type of events) {
      source.addEventListener(type, (event) => {
        wait(SILENCE_MS, lost);
        tell({ type, at: Date.now(), data: JSON.parse(event.data) });
      });
    }
    wait(SILENCE_MS, lost);
  };

  open();
  return () => {
    clearTimeout(timer);
    source.close();
  };
}
