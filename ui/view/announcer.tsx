import { useEffect, useState } from "preact/hooks";

const listeners = new Set<(text: string) => void>();

/** Has a screen reader say it, whatever has the focus. */
export function announce(text: string): void {
  for (const listener of listeners) listener(text);
}

/** The one place of the page that screen readers read when it changes. */
export function Announcer() {
  const [text, setText] = useState("");
  useEffect(() => {
    listeners.add(setText);
    return () => void listeners.delete(setText);
  }, []);
  return (
    <p role="status" class="unseen">
      {text}
    </p>
  );
}
