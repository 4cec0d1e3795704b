import type { ComponentChildren } from "preact";
import type { Failure } from "../registry/failure.ts";
import { Icon } from "./icon.tsx";

/** Why something does not show, and what to do about it. */
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

/** In place of what there is none of. */
export function Empty({ title, children }: { title: string; children?: ComponentChildren }) {
  return (
    <div class="empty">
      <p class="empty-title">{title}</p>
      {children}
    </div>
  );
}
