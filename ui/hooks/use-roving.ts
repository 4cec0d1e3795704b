import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";

type Rows = {
  count: number;
  rowHeight: number;
  /** The rows that are rendered, and how many of them are visible. */
  first: number;
  last: number;
  visible: number;
  /** Whether the keyboard can focus a row. @default all */
  isStop?(row: number): boolean;
};

/**
 * Roving tabindex: a list is one stop of the Tab key; arrows, Page Up and Down, Home and End move between its rows. Each row's
 * link has `data-row`, and its `tabIndex` from `tabIndexOf`.
 */
export function useRoving(scroller: RefObject<HTMLElement | null>, rows: Rows) {
  const { count, first, last, rowHeight, visible, isStop = () => true } = rows;
  const [active, setActive] = useState(0);
  const wanted = useRef<number | undefined>(undefined);

  // After each rendering: a row may be rendered only after the list was scrolled to it.
  useLayoutEffect(() => {
    const link = scroller.current?.querySelector<HTMLElement>(`[data-row="${wanted.current}"]`);
    if (!link) return;
    wanted.current = undefined;
    link.focus({ preventScroll: true });
  });

  const reveal = (row: number) => {
    setActive(row);
    scrollTo(scroller.current, row * rowHeight, rowHeight);
  };
  const go = (from: number, by: number) => {
    const row = stopNear(from + by, Math.sign(by), count, isStop);
    if (row === undefined) return;
    wanted.current = row;
    reveal(row);
  };

  // The Tab key must find one of the rendered rows.
  const here = active >= first && active < last && isStop(active) ? active : stopNear(first, 1, count, isStop);

  useEffect(() => {
    const list = scroller.current;
    if (list === null) return;
    const onKey = (event: KeyboardEvent) => {
      const by = stepOf(event, visible, count);
      const row = rowOf(event);
      if (by === undefined || row === undefined) return;
      event.preventDefault();
      go(row, by);
    };
    const onFocus = (event: FocusEvent) => setActive((before) => rowOf(event) ?? before);
    list.addEventListener("keydown", onKey);
    list.addEventListener("focusin", onFocus);
    return () => {
      list.removeEventListener("keydown", onKey);
      list.removeEventListener("focusin", onFocus);
    };
  });

  return { reveal, tabIndexOf: (row: number) => (row === here ? 0 : -1) };
}

function stepOf(event: KeyboardEvent, visible: number, count: number): number | undefined {
  if (event.ctrlKey || event.altKey || event.metaKey) return undefined;
  const steps: Record<string, number> = {
    ArrowDown: 1,
    ArrowUp: -1,
    PageDown: visible - 1,
    PageUp: 1 - visible,
    Home: -count,
    End: count,
  };
  return steps[event.key];
}

function rowOf({ target }: Event): number | undefined {
  const row = (target as HTMLElement).closest<HTMLElement>("[data-row]")?.dataset.row;
  return row === undefined ? undefined : Number(row);
}

/** The row itself if it can be focused, else the next one in that direction, else in the other. */
function stopNear(row: number, way: number, count: number, isStop: (row: number) => boolean): number | undefined {
  const start = Math.max(0, Math.min(count - 1, row));
  for (let at = start; at >= 0 && at < count; at += way || 1) if (isStop(at)) return at;
  for (let at = start; at >= 0 && at < count; at -= way || 1) if (isStop(at)) return at;
  return undefined;
}

function scrollTo(scroller: HTMLElement | null, top: number, height: number): void {
  if (scroller === null) return;
  const head = scroller.querySelector("thead")?.clientHeight ?? 0;
  if (top < scroller.scrollTop) scroller.scrollTop = top;
  else if (top + height > scroller.scrollTop + scroller.clientHeight - head)
    scroller.scrollTop = top + height - scroller.clientHeight + head;
}
