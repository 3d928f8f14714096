/* overtaken - what somebody typed in a draft that was typed on, or saved, in
 * another tab or by another person: nothing of either is lost, and who typed
 * says which it shall be. */
import { html } from "../../../web/html.js";
import { t } from "../../../web/language.js";
import { useStore } from "../../../web/store.js";
import { branch, drop, isOvertaken, keeping } from "../drafts.js";
import { linked } from "../linked.js";

/* `at`: which row of many. `onOpen(id)` shows a draft, `onLeave()` none. */
export function Overtaken({ id, at, type, cells, onOpen, onLeave }) {
  const one = useStore(keeping)[id];
  if (!isOvertaken(one)) {
    return null;
  }
  const saved = one.state === "saved";
  const leave = () => {
    drop(id);
    onLeave();
  };
  const keepOwn = () => {
    drop(id);
    onOpen(branch({ type: type.key, cells, corrects: cells.corrects }));
  };
  return html`<div class="notice warn overtaken">
    <p role="alert">${at && html`<b>${t("row", { n: at })}:</b> `}
      ${saved ? linked(t("draft_saved", one)) : t("draft_elsewhere")}</p>
    <div class="actions">
      ${saved ? html`<button type="button" onClick=${leave}>
          ${t("leave_typed")}</button>`
        : html`<button type="button" onClick=${() => onOpen(id)}>
          ${t("open_newer")}</button>`}
      <button type="button" onClick=${keepOwn}>${t("keep_own")}</button>
    </div>
  </div>`;
}
