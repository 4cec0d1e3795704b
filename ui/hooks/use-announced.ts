import { useEffect } from "preact/hooks";
import { announce } from "../view/announcer.tsx";

const pauseMilliseconds = 400;

/** Announces a text to screen readers once it stops changing, not at each typed letter. */
export function useAnnounced(text: string | undefined): void {
  useEffect(() => {
    if (text === undefined) return;
    const timer = setTimeout(() => announce(text), pauseMilliseconds);
    return () => clearTimeout(timer);
  }, [text]);
}
