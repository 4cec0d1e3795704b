import { useEffect, useState } from "preact/hooks";

type Message = { key: number; text: string };

const listeners = new Set<(message: Message) => void>();
const secondsShown = 10;
let count = 0;

/** Lets screen readers read a text, whatever has the focus. */
export function announce(text: string): void {
  count += 1;
  for (const listener of listeners) listener({ key: count, text });
}

/** The live region that screen readers read when it changes. Messages stay for ten seconds, so that none replaces another. */
export function Announcer() {
  const [messages, setMessages] = useState<Message[]>([]);
  useEffect(() => {
    const add = (message: Message) => {
      setMessages((before) => [...before, message]);
      setTimeout(() => setMessages((before) => before.filter((one) => one !== message)), secondsShown * 1000);
    };
    listeners.add(add);
    return () => void listeners.delete(add);
  }, []);
  return (
    <div role="status" class="unseen">
      {messages.map(({ key, text }) => (
        <p key={key}>{text}</p>
      ))}
    </div>
  );
}
