/* reach - whether the office's machine answers. While its stream is lost the
 * page asks by itself, so that it knows what became of what was saved. */
import { useEffect } from "preact/hooks";
import { findSession } from "../../web/api.js";
import { announce, connect, link } from "../../web/live.js";
import { createStore } from "../../web/store.js";
import { EVENTS } from "./program.js";

const AGAIN_MS = 10000;
/* What may be other than it was. */
const NEWS = ["outbox", "link"];

export const machine = createStore({ answers: true });

/* Follows the machine while somebody is signed in. */
export function useReach(on) {
  useEffect(() => {
    if (!on) {
      return undefined;
    }
    let timer;
    const look = async () => {
      clearTimeout(timer);
      if (link.get().live !== false) {
        machine.set({ answers: true });
        return;
      }
      timer = setTimeout(look, AGAIN_MS);
      try {
        await findSession();
        machine.set({ answers: true });
        NEWS.forEach((type) => announce({ type }));
      } catch {
        machine.set({ answers: false });
      }
    };
    const ends = [connect("/api/v1/live", EVENTS), link.watch(look),
      () => clearTimeout(timer)];
    return () => ends.forEach((end) => end());
  }, [on]);
}
