/* keys - Ctrl+Enter saves, wherever the focus is. What is being typed is taken
 * first, as if the field had been left. */
import { useEffect, useRef } from "preact/hooks";

export function useSaveKey(save) {
  const latest = useRef(save);
  latest.current = save;
  useEffect(() => {
    const press = (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        document.activeElement?.blur();
        setTimeout(() => latest.current(), 0);
      }
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, []);
}
