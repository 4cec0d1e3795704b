import { useEffect } from "preact/hooks";
import { announce } from "../view/announcer.tsx";

const pauseMilliseconds = 400;

/** Has a text said once it stays: not for each letter typed. */
export function useAnnounced(text: string | undefined): void {
  useEffect(() => {
    if (text === undefined) return;
    const timer = setTimeout(() => announce(text), pauseMilliseconds);
    return () => clearTimeout(timer);
  }, [text]);
}
