import type { RefObject } from "preact";
import { useEffect } from "preact/hooks";

/** The key `/` focuses the search box, unless the user is typing. */
export function useSlash(box: RefObject<HTMLInputElement | null>, here: boolean): void {
  useEffect(() => {
    if (!here) return;
    const go = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || target.closest("input, dialog"))
        return;
      event.preventDefault();
      box.current?.select();
    };
    addEventListener("keydown", go);
    return () => removeEventListener("keydown", go);
  }, [here]);
}
