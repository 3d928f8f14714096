/* program - what the shared parts have to know of the office's page. */
import { addTones } from "../../web/parts/status.js";
import { carry } from "../../web/route.js";

/* The events of the stream. */
export const EVENTS = ["hello", "beat", "outbox", "link", "documents"];

carry(["period"]);

addTones({
  saved: "fair", received: "good", backed_up: "good", to_mend: "warn",
  good: "good", note: "warn", bad: "bad",
});
