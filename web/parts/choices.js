/* choices - language and colours, kept by the browser. */
import { html } from "../html.js";
import { language, t } from "../language.js";
import { useStore } from "../store.js";
import { choice } from "./theme.js";

/* Each language is named in itself, so that one finds back. */
const LANGUAGES = { vi: "Tiếng Việt", en: "English" };
const THEMES = ["auto", "light", "dark"];

export function Choices() {
  const words = useStore(language);
  const look = useStore(choice);
  return html`<div class="choices">
    ${Object.keys(LANGUAGES).map((one) => html`<button type="button"
      key=${one} lang=${one} aria-pressed=${String(one === words)}
      onClick=${() => language.set(one)}>${LANGUAGES[one]}</button>`)}
    <label><span class="spoken">${t("theme")}</span>
      <select value=${look}
          onChange=${(event) => choice.set(event.target.value)}>
        ${THEMES.map((one) => html`<option key=${one} value=${one}>
          ${t(`theme_${one}`)}</option>`)}
      </select></label>
  </div>`;
}
