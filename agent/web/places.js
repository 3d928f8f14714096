/* places - the units of the office's area. They are few: all of them are asked
 * for once, and again when the province has sent another document. */
import { get } from "../../web/api.js";
import { language } from "../../web/language.js";
import { listen } from "../../web/live.js";
import { fold } from "../../web/search.js";
import { createStore } from "../../web/store.js";

/* [{code, name, type, from, to}] of all days, undefined before they are there;
 * `to` is the first day on which a unit is no more. */
export const places = createStore(undefined);

let asked;

/* Promises that they are there, or cannot be had now. */
export function loadPlaces() {
  asked ??= get("units").then(({ units }) => places.set(units), () => {
    asked = undefined;
  });
  return asked;
}

listen(({ type }) => {
  if (type === "documents" && places.get()) {
    asked = undefined;
    loadPlaces();
  }
});

/* "Phường Ngọc Khánh" */
export function placeName({ type, name }) {
  return `${type ?? ""} ${name}`.trim();
}

const stood = ({ from, to }, day) => (!from || from <= day)
  && (!to || day < to);

/* Those of a day; all of them where nobody knows the units of that day. */
function placesOn(day) {
  const all = places.get() ?? [];
  const found = all.filter((one) => stood(one, day));
  return found.length > 0 ? found : all;
}

/* What is shown for a unit's code, as it was called on that day, or the
 * code. */
export function placeText(code, day) {
  const all = places.get()?.filter((one) => one.code === code) ?? [];
  const found = all.find((one) => stood(one, day)) ?? all[0];
  return found ? placeName(found) : code;
}

/* Units of that day: names that begin with what is typed first, then those that
 * hold it. */
export function findPlaces(query, day, most) {
  const wanted = fold(query).split(/\s+/).filter(Boolean);
  const ranked = placesOn(day).map((place) => {
    const name = fold(place.name);
    const all = `${fold(placeName(place))} ${place.code}`;
    const hit = wanted.every((part) => all.includes(part));
    return { place, rank: !hit ? -1 : name.startsWith(wanted[0] ?? "") ? 1
      : 0 };
  });
  return ranked.filter(({ rank }) => rank >= 0)
    .sort((a, b) => b.rank - a.rank
      || a.place.name.localeCompare(b.place.name, language.get()))
    .slice(0, most).map(({ place }) => place);
}
