import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";

type DialogArgs = { titleId: string; onClose(): void; children: ComponentChildren };

/** The browser's own modal dialog: it holds the focus, closes on Escape, and gives the focus back. */
export function Dialog({ titleId, onClose, children }: DialogArgs) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const before = document.activeElement as HTMLElement | null;
    dialog.current?.showModal();
    return () => before?.focus();
  }, []);
  return (
    <dialog ref={dialog} aria-labelledby={titleId} onClose={onClose}>
      {children}
    </dialog>
  );
}
