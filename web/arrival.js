/* arrival - where a page begins for who comes to it: at its title, or, when
 * one goes back, at the place and the link one left it by. The browser cannot
 * do it, because a page is short until its answers are there. */

const WAIT_MS = 10000;
/* Without a movement, until the place is kept for a page loaded anew. */
const REST_MS = 200;
/* Who does one of these has begun to read. */
const BEGUN = ["wheel", "keydown", "pointerdown", "touchstart"];

history.scrollRestoration = "manual";

/* Keeps with this step of the history where one is. */
export function remember() {
  const { activeElement } = document;
  const link = activeElement?.closest("main a")?.getAttribute("href");
  history.replaceState({ y: scrollY, link }, "");
}

function title(main) {
  const found = main.querySelector("h1");
  if (found) {
    found.tabIndex = -1;
  }
  return found;
}

const waits = (main) => !main.querySelector("h1")
  || main.querySelector('[role="status"].empty, [aria-busy="true"]');

const nothing = () => {};
let stop = nothing;
let rest;

addEventListener("scroll", () => {
  clearTimeout(rest);
  rest = setTimeout(() => stop === nothing && remember(), REST_MS);
});

/* `left` is what remember() kept of the page, or nothing; the focus moves only
 * with `focus`. */
export function arrive(left, focus = true) {
  stop();
  const control = new AbortController();
  const { signal } = control;
  const watch = new MutationObserver(() => settle());
  const timer = setTimeout(() => stop(), WAIT_MS);
  stop = () => {
    control.abort();
    watch.disconnect();
    clearTimeout(timer);
    stop = nothing;
  };
  const settle = () => {
    const main = document.querySelector("main");
    if (!main || waits(main)) {
      return;
    }
    stop();
    const link = left?.link && [...main.querySelectorAll("a")]
      .find((one) => one.getAttribute("href") === left.link);
    /* A form has put it where it begins. */
    const begun = document.activeElement?.closest("main form");
    if (focus && !begun) {
      (link || title(main)).focus({ preventScroll: true });
    }
    scrollTo(0, left?.y || 0);
  };
  BEGUN.forEach((name) => addEventListener(name, () => stop(), { signal }));
  watch.observe(document.body,
    { subtree: true, childList: true, attributes: true });
  /* After what has changed the address is drawn. */
  setTimeout(() => signal.aborted || settle(), 0);
}
