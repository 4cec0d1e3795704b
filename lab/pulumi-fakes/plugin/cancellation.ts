const controller = new AbortController();

/** Aborted when the engine cancels the operation. */
export const cancellation: AbortSignal = controller.signal;

export function cancel(): void {
  controller.abort();
}
