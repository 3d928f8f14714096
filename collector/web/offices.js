/* offices - how long an office has said nothing. */

/* Of an office that ends there is nothing to wait for. */
const ENDED = ["revoked", "closed"];

export function lastSign({ heard_at: heard, received_at: received }) {
  return [heard, received].filter(Boolean).sort().pop();
}

/* Those that are not heard now, the longest silence first; behind them those
 * that were never heard. */
export function bySilence(offices) {
  const since = (office) => lastSign(office) || "never";
  return offices
    .filter(({ state }) => state !== "live" && !ENDED.includes(state))
    .sort((a, b) => (since(a) < since(b) ? -1 : 1));
}
