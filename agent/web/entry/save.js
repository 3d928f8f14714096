/* save - sends rows until there is an answer. A reply that was lost is asked
 * for again with the same ids, so that trying again adds nothing. */
import { send } from "../../../web/api.js";

const AGAIN_MS = 2000;
const PASSING = [0, 502, 503, 504];

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/* `tell(problem)` each time that nobody answers. Throws what is no passing
 * trouble, and when `signal` ends it. */
export async function sendSurely(path, body, signal, tell,
  { method = "POST", passing = PASSING } = {}) {
  for (;;) {
    try {
      return await send(method, path, body, { signal });
    } catch (problem) {
      if (signal.aborted || !passing.includes(problem.status)) {
        throw problem;
      }
      tell(problem);
      await pause(AGAIN_MS);
    }
  }
}
