import { useEffect, useState } from "preact/hooks";

type Message = { key: number; text: string };

const listeners = new Set<(message: Message) => void>();
const secondsKept = 10;
let count = 0;

/** Has a screen reader say it, whatever has the focus. */
export function announce(text: string): void {
  count += 1;
  for (const listener of listeners) listener({ key: count, text });
}

/** The one place of the page that screen readers read when it changes; one message does not push out another. */
export function Announcer() {
  const [messages, setMessages] = useState<Message[]>([]);
  useEffect(() => {
    const add = (message: Message) => {
      setMessages((before) => [...before, message]);
      setTimeout(() => setMessages((before) => before.filter((one) => one !== message)), secondsKept * 1000);
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
