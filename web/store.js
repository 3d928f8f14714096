/* store - a value that pages watch. */
import { useEffect, useState } from "preact/hooks";

export function createStore(value) {
  const watchers = new Set();
  return {
    get: () => value,
    set(next) {
      if (next !== value) {
        value = next;
        watchers.forEach((watch) => watch(value));
      }
    },
    watch(watcher) {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
  };
}

export function useStore(store) {
  const [value, setValue] = useState(store.get);
  useEffect(() => {
    setValue(store.get);
    return store.watch((next) => setValue(() => next));
  }, [store]);
  return value;
}

/* What a person chose for this browser alone; a browser that keeps nothing
 * forgets it when the tab is closed. */
export function createSetting(name, value) {
  try {
    value = localStorage.getItem(name) || value;
  } catch {
    /* forbidden by the browser's settings */
  }
  const store = createStore(value);
  store.watch((next) => {
    try {
      localStorage.setItem(name, next);
    } catch {
      /* the same */
    }
  });
  return store;
}
