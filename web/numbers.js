/* numbers - whole numbers and decimals as people write them. They come as
 * text, so that none is too large, and are never computed with here. */
import { language } from "./language.js";

/* "-1250000.5" is -1.250.000,5 in Vietnamese and -1,250,000.5 in English. */
export function number(text) {
  const [whole, part] = String(text).split(".");
  const [thousands, decimal] = language.get() === "vi" ? ".," : ",.";
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, thousands);
  return Number(part) ? grouped + decimal + part : grouped;
}

export function percent(text) {
  return `${number(text)}%`;
}

const UNITS = ["B", "KiB", "MiB", "GiB", "TiB"];

export function bytes(text) {
  let value = Number(text);
  let unit = 0;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${number(value.toFixed(unit && value < 10 ? 1 : 0))} ${UNITS[unit]}`;
}
