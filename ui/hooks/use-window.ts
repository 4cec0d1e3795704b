import type { RefObject } from "preact";
import { useLayoutEffect, useState } from "preact/hooks";

/** Rows rendered beyond the visible ones, so that the next row exists when the focus moves to it. */
const spare = 6;

/** Which rows of a long list to render: the visible ones. All rows are `rowHeight` pixels high. */
export function useWindow(scroller: RefObject<HTMLElement | null>, count: number, rowHeight: number) {
  const [top, setTop] = useState(0);
  const [visible, setVisible] = useState(24);

  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const measure = () => {
      setTop(Math.floor(element.scrollTop / rowHeight));
      setVisible(Math.ceil(element.clientHeight / rowHeight) + 1);
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

  const first = Math.max(0, Math.min(top, count - visible) - spare);
  const last = Math.min(count, top + visible + spare);
  return { first, last, visible, before: first * rowHeight, after: (count - last) * rowHeight };
}
