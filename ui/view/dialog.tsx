import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

type DialogArgs = { titleId: string; onClose(): void; children: ComponentChildren };

/** The browser's own modal dialog: it holds the focus, closes on Escape, and gives the focus back. */
export function Dialog({ titleId, onClose, children }: DialogArgs) {
  const dialog = useRef<HTMLDialogElement>(null);
  // At once: an effect that Preact runs later would take the focus from where it has gone meanwhile.
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
