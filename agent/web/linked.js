/* linked - a sentence of the machine; where it names an event by its number, it
 * leads there. */
import { html } from "../../web/html.js";
import { Link } from "../../web/route.js";
import { eventPath } from "./addresses.js";

const EVENT = /((?:sự kiện|event) \d+\.\d+\.\d+)/;

export function linked(text) {
  return text.split(EVENT).map((part, at) => (at % 2 === 0 ? part
    : html`<${Link} to=${eventPath(part.split(" ").pop())}>${part}</${Link}>`));
}
