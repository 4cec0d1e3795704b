import type { RefObject } from "preact";
import { useLayoutEffect, useState } from "preact/hooks";

/** Rows drawn beyond what shows, so that the next one is there when the focus goes to it. */
const spare = 6;

/** Which rows of a long list to draw: those in sight. All rows are `rowHeight` pixels high. */
export function useWindow(scroller: RefObject<HTMLElement | null>, count: number, rowHeight: number) {
  const [top, setTop] = useState(0);
  const [inSight, setInSight] = useState(24);

  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const measure = () => {
      setTop(Math.floor(element.scrollTop / rowHeight));
      setInSight(Math.ceil(element.clientHeight / rowHeight) + 1);
    };
    measure();
    const sizes = new ResizeObserver(measure);
    sizes.observe(element);
    element.addEventListener("scroll", measure, { passive: true });
    return () => {
      sizes.disconnect();
      element.removeEventListener("scroll", measure);
    };
  }, [rowHeight]);

  const first = Math.max(0, Math.min(top, count - inSight) - spare);
  const last = Math.min(count, top + inSight + spare);
  return { first, last, inSight, before: first * rowHeight, after: (count - last) * rowHeight };
}
