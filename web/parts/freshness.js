/* freshness - whether the figures move by themselves, or of when they are. */
import { useEffect, useState } from "preact/hooks";
import { answered } from "../api.js";
import { clock, day, localDay } from "../dates.js";
import { html } from "../html.js";
import { t } from "../language.js";
import { lastHeard, link } from "../live.js";
import { useStore } from "../store.js";

/* A connection that is being made is no news until it takes so long. */
const PATIENCE_MS = 3000;

export function Freshness() {
  const { live } = useStore(link);
  const heard = useStore(lastHeard);
  const last = useStore(answered);
  const [sure, setSure] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setSure(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, []);
  const at = Math.max(last, heard);
  const lost = live === false || (live === undefined && sure);
  const values = { time: clock(at), day: day(localDay(at)) };
  return html`<p class=${lost ? "freshness lost" : "freshness"} role="status">
    <span aria-hidden="true">${lost ? "✕" : live ? "●" : "○"}</span>
    ${lost ? t("no_connection", values) : live ? t("live", values)
      : t("connecting")}</p>`;
}
