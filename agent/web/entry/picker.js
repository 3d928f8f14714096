/* picker - a text field that finds: arrows choose, Enter takes, Escape leaves
 * it. What is typed and not found stays as it was typed. */
import { useEffect, useRef, useState } from "preact/hooks";
import { html } from "../../../web/html.js";
import { t } from "../../../web/language.js";

const WAIT_MS = 120;

/* The list lies over the page, below its field, whatever scrolls around it. */
function useBelow(list, input, open) {
  useEffect(() => {
    if (!open) {
      return undefined;
    }
    const place = () => {
      const { left, bottom, width } = input.current.getBoundingClientRect();
      const wide = Math.min(Math.max(width, 260), innerWidth - 16);
      Object.assign(list.current.style, { top: `${bottom + 2}px`,
        left: `${Math.max(8, Math.min(left, innerWidth - wide - 8))}px`,
        width: `${wide}px` });
    };
    place();
    addEventListener("scroll", place, true);
    addEventListener("resize", place);
    return () => {
      removeEventListener("scroll", place, true);
      removeEventListener("resize", place);
    };
  });
}

function useOptions(search, query, open) {
  const [found, setFound] = useState({ options: [] });
  useEffect(() => {
    if (!open) {
      return undefined;
    }
    const control = new AbortController();
    const timer = setTimeout(() => search(query, control.signal)
      .then((options) => !control.signal.aborted
        && setFound({ query, options }), () => {}), WAIT_MS);
    return () => {
      clearTimeout(timer);
      control.abort();
    };
  }, [query, open]);
  return found;
}

/* `search(query, signal)` promises [{value, text, note}]; `text` is what is
 * shown for `value`. `more` goes to the input. */
export function Picker({ value, text, search, onChange, ...more }) {
  const [typed, setTyped] = useState();
  const [at, setAt] = useState(-1);
  const [open, setOpen] = useState(false);
  const list = useRef();
  const input = useRef();
  const query = typed ?? "";
  const found = useOptions(search, query, open);
  const { options } = found;
  const shown = open && options.length > 0;
  useBelow(list, input, shown);
  const mark = (place) => {
    setAt(place);
    list.current?.children[place]?.scrollIntoView({ block: "nearest" });
  };
  const close = () => {
    setOpen(false);
    setTyped(undefined);
    setAt(-1);
  };
  const take = (option) => {
    onChange(option.value);
    close();
  };
  const type = (event) => {
    setTyped(event.target.value);
    setAt(-1);
    setOpen(true);
    onChange(event.target.value);
  };
  /* Fast fingers press Enter before the list is that of what they typed. */
  const takeBest = async () => {
    const fresh = found.query === query ? options : await search(query);
    const option = fresh[Math.max(at, 0)];
    if (option) {
      take(option);
    } else {
      close();
    }
  };
  /* Whoever goes on means what was marked, or the only one there is. */
  const leave = () => {
    if (shown && found.query === query && query.trim()
        && (at >= 0 || options.length === 1)) {
      take(options[Math.max(at, 0)]);
    } else {
      close();
    }
  };
  const press = (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : at < 0 ? 0 : -1;
      setOpen(true);
      if (shown) {
        mark((at + step + options.length) % options.length);
      }
    } else if (event.key === "Enter" && !event.ctrlKey
        && (at >= 0 || query.trim())) {
      event.preventDefault();
      event.stopPropagation();
      takeBest();
    } else if (event.key === "Escape" && open) {
      event.stopPropagation();
      close();
    }
  };
  const id = `${more.id}-list`;
  return html`<span class="find">
    <input ...${more} ref=${input} type="text" role="combobox"
      autocomplete="off" aria-expanded=${String(shown)} aria-controls=${id}
      aria-autocomplete="list"
      aria-activedescendant=${shown && at >= 0 ? `${id}-${at}` : null}
      value=${typed ?? text} onInput=${type} onKeyDown=${press}
      onClick=${() => setOpen(true)} onBlur=${leave} />
    <ul class="found" id=${id} role="listbox" aria-label=${t("choices")}
        hidden=${!shown} ref=${list}>
      ${shown && options.map((option, place) => html`<li role="option"
          key=${option.value} id=${`${id}-${place}`}
          aria-selected=${String(place === at)}
          onMouseDown=${(event) => {
            event.preventDefault();
            take(option);
          }}>${option.text}
        ${option.note && html` <small class="quiet">${option.note}</small>`}
      </li>`)}
    </ul>
  </span>`;
}
