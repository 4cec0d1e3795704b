import { type Inputs, useLayoutEffect } from "preact/hooks";

let used = false;
addEventListener("focusin", () => {
  used = true;
});

/** Focuses `target` when the focused element was removed or hidden. Not before the user has focused anything. */
export function useFocusIfLost(target: () => HTMLElement | null | undefined, inputs: Inputs): void {
  useLayoutEffect(() => {
    const at = document.activeElement;
    const lost = !(at instanceof HTMLElement) || at === document.body || at.offsetParent === null;
    if (used && lost) target()?.focus();
  }, inputs);
}
