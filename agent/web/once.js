/* once - the one-time address. What stands behind its # leaves the address as
 * soon as the page opens. The sign-in sends it; who is signed in already keeps
 * their session, and is told so. */
import { html } from "../../web/html.js";
import { session } from "../../web/api.js";
import { t } from "../../web/language.js";
import { go } from "../../web/route.js";
import { createStore, useStore } from "../../web/store.js";

/* What was not sent yet; "" for none. */
const once = createStore("");

if (location.pathname === "/dang-nhap") {
  once.set(location.hash.slice(1));
  go("/", true);
}

/* It is sent once, by whoever takes it. */
export function takeOnce() {
  const words = once.get();
  once.set("");
  return words;
}

export function NotUsed() {
  return useStore(once) && html`<p class="notice warn" role="status">
    ${t("once_not_used", { name: session.get().name })}${" "}
    <button type="button" onClick=${takeOnce}>${t("understood")}</button></p>`;
}
