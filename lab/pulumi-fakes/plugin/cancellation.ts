const controller = new AbortController();

/** Aborted once the engine calls everything off. */
export const cancellation: AbortSignal = controller.signal;

export function cancel(): void {
  controller.abort();
}
