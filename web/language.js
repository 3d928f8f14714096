/* language - every word that a page shows. Vietnamese is the default; what
 * the plan names comes with the words of both languages. */
import { createSetting } from "./store.js";
import en from "./words/en.js";
import vi from "./words/vi.js";

const dictionaries = { vi: { ...vi }, en: { ...en } };

/* What one program says beyond the words of both; before the first page. */
export function learn(words) {
  Object.keys(words).forEach((language) =>
    Object.assign(dictionaries[language], words[language]));
}

export const language = createSetting("tallyline-language", "vi");

/* The word of a key. `{name}` is replaced by the value of that name; where
 * English has two forms, "one|many", `n` chooses. */
export function t(key, values = {}) {
  const words = dictionaries[language.get()][key].split("|");
  const word = words[String(values.n) === "1" ? 0 : words.length - 1];
  return word.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

/* The word of a token of the interface, such as a status; a token that this
 * version does not know stands for itself. */
export function word(family, token) {
  const key = `${family}_${token}`;
  return key in dictionaries.vi ? t(key) : token;
}

/* A text that the interface gives in both languages, or in one. */
export function said(text) {
  return text && typeof text === "object"
    ? text[language.get()] || text.vi || ""
    : (text ?? "");
}
