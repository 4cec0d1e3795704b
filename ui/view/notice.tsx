import type { ComponentChildren } from "preact";
import type { Failure } from "../registry/failure.ts";
import { Icon } from "./icon.tsx";

/** Why something could not be loaded, with a button to retry. */
export function FailureNotice({ failure, retry }: { failure: Failure; retry(): void }) {
  return (
    <div class="notice" role="alert">
      <Icon name="alert" />
      <p>{failure.message}</p>
      <button type="button" onClick={retry}>
        Try again
      </button>
    </div>
  );
}

/** Shown instead of an empty list. */
export function Empty({ title, children }: { title: string; children?: ComponentChildren }) {
  return (
    <div class="empty">
      <p class="empty-title">{title}</p>
      {children}
    </div>
  );
}
