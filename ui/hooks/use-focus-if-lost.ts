import { type Inputs, useLayoutEffect } from "preact/hooks";

let used = false;
addEventListener("focusin", () => {
  used = true;
});

/** Where what had the focus went away, or out of sight, the keyboard goes on from `target`. Not before the page is used. */
export function useFocusIfLost(target: () => HTMLElement | null | undefined, inputs: Inputs): void {
  useLayoutEffect(() => {
    const at = document.activeElement;
    const lost = !(at instanceof HTMLElement) || at === document.body || at.offsetParent === null;
    if (used && lost) target()?.focus();
  }, inputs);
}
