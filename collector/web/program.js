/* program - what the shared parts have to know of the dashboard. */
import { addTones } from "../../web/parts/status.js";
import { carry } from "../../web/route.js";

/* The events of the stream, and those after which figures, or also links, may
 * be others. */
export const EVENTS = ["hello", "beat", "overview", "offices"];
export const FIGURES = ["overview"];
export const LINKS = ["offices", "overview"];

carry(["plan", "period", "regime"]);

addTones({
  never: "warn", no_office: "warn", silent: "bad", unreachable: "bad",
});
