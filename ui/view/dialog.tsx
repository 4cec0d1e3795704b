import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

type DialogArgs = { titleId: string; onClose(): void; children: ComponentChildren };

/** The browser's modal dialog: it traps the focus, closes on Escape, and restores the focus. */
export function Dialog({ titleId, onClose, children }: DialogArgs) {
  const dialog = useRef<HTMLDialogElement>(null);
  // A layout effect: a later effect would take the focus from an element that got it meanwhile.
  useLayoutEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, []);
  return (
    <dialog ref={dialog} aria-labelledby={titleId} onClose={onClose}>
      {children}
    </dialog>
  );
}
