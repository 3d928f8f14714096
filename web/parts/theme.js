/* theme - dark, light, or what the system asks for. */
import { createSetting, createStore } from "../store.js";

export const choice = createSetting("tallyline-theme", "auto");
/* "dark" or "light": what is shown. */
export const theme = createStore("light");

const system = matchMedia("(prefers-color-scheme: dark)");

function apply() {
  const wanted = choice.get();
  const dark = wanted === "auto" ? system.matches : wanted === "dark";
  document.documentElement.dataset.theme = dark ? "dark" : "light";
  theme.set(dark ? "dark" : "light");
}

choice.watch(apply);
system.addEventListener("change", apply);
apply();
