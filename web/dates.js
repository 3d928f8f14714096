/* dates - days are civil days and times are shown at UTC+7, wherever the
 * browser believes to be. */
import { language, t } from "./language.js";
import { number } from "./numbers.js";

const HERE_MS = 7 * 3600 * 1000;

/* "2018-12-31" is 31/12/2018 in Vietnamese and stays as it is in English. */
export function day(text) {
  const date = (text || "").slice(0, 10);
  return language.get() === "vi" ? date.split("-").reverse().join("/") : date;
}

/* Without its year. */
export function shortDay(text) {
  return language.get() === "vi" ? day(text).slice(0, 5) : text.slice(5);
}

/* The civil day of a moment in ms. */
export function localDay(ms) {
  return new Date(ms + HERE_MS).toISOString().slice(0, 10);
}

/* A moment, "2018-12-31T07:05:09Z": 14:05 31/12/2018. */
export function moment(text) {
  if (!text) {
    return "";
  }
  const here = new Date(Date.parse(text) + HERE_MS).toISOString();
  return `${here.slice(11, 16)} ${day(here)}`;
}

export function clock(ms) {
  return new Date(ms + HERE_MS).toISOString().slice(11, 19);
}

/* How long, in the largest unit that fits. */
export function span(seconds) {
  const steps = [
    ["days", 86400],
    ["hours", 3600],
    ["minutes", 60],
  ];
  for (const [key, size] of steps) {
    if (seconds >= size) {
      return t(key, { n: number(Math.floor(seconds / size)) });
    }
  }
  return t("seconds", { n: Math.max(0, Math.floor(seconds)) });
}

export function ago(text, now) {
  return t("ago", { span: span((now - Date.parse(text)) / 1000) });
}

export function daysBetween(from, to) {
  return Math.round((Date.parse(to) - Date.parse(from)) / 86400000);
}
