/* route - the address is the state: the page in its path, filters in its
 * query, so that a link says all and "back" undoes one step. */
import { arrive, remember } from "./arrival.js";
import { html } from "./html.js";
import { createStore, useStore } from "./store.js";

function read() {
  return {
    path: decodeURIComponent(location.pathname),
    query: Object.fromEntries(new URLSearchParams(location.search)),
  };
}

export const route = createStore(read());

addEventListener("popstate", ({ state }) => {
  route.set(read());
  arrive(state);
});
if (history.state) {
  arrive(history.state, false);
}

/* The address of a page with these filters; empty ones are left out. */
export function address(path, query = {}) {
  const kept = Object.entries(query).filter(([, value]) => value);
  const text = new URLSearchParams(kept).toString();
  return encodeURI(path) + (text && `?${text}`);
}

export function go(href, replace = false) {
  history[replace ? "replaceState" : "pushState"](null, "", href);
  route.set(read());
}

/* To another page, or the same of something else. */
export function visit(href) {
  remember();
  go(href);
  scrollTo(0, 0);
  arrive();
}

const carried = [];

/* Filters that every page of a program understands: they stay when one follows
 * a link. */
export function carry(names) {
  carried.push(...names);
}

export function shared(query) {
  return Object.fromEntries(carried.map((name) => [name, query[name]]));
}

export function useQuery() {
  const { path, query } = useStore(route);
  const change = (changes, replace) =>
    go(address(path, { ...query, ...changes }), replace);
  return [query, change];
}

/* A link within the pages. Everything but a plain click is the browser's. */
export function Link({ to, query = {}, children, ...more }) {
  const href = address(to, { ...shared(useStore(route).query), ...query });
  const follow = (event) => {
    const plain = !(event.ctrlKey || event.metaKey || event.shiftKey);
    if (plain && event.button === 0) {
      event.preventDefault();
      visit(href);
    }
  };
  return html`<a href=${href} onClick=${follow} ...${more}>${children}</a>`;
}
