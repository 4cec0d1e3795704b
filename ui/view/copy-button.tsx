import { useEffect, useState } from "preact/hooks";
import { announce } from "./announcer.tsx";
import { Icon } from "./icon.tsx";

/** Copies a text; `what` describes it to screen readers. */
export function CopyButton({ text, what, tabIndex }: { text: string; what: string; tabIndex?: number }) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 2000);
    return () => clearTimeout(timer);
  }, [copied]);

  const onClick = async () => {
    const worked = await copy(text);
    setCopied(worked);
    announce(worked ? `Copied ${what}` : `Could not copy ${what}; select it and copy by hand`);
  };
  return (
    <button
      type="button"
      class={copied ? "copy copied" : "copy"}
      onClick={onClick}
      tabIndex={tabIndex}
      title={`Copy ${text}`}
      aria-label={`Copy ${what}`}
    >
      <Icon name={copied ? "done" : "copy"} />
    </button>
  );
}

async function copy(text: string): Promise<boolean> {
  // Browsers have no clipboard API for pages served by plain HTTP.
  if (!navigator.clipboard) return copySelected(text);
  return navigator.clipboard.writeText(text).then(
    () => true,
    () => copySelected(text),
  );
}

function copySelected(text: string): boolean {
  const before = document.activeElement as HTMLElement | null;
  const field = document.createElement("textarea");
  field.value = text;
  field.className = "unseen";
  (before?.closest("dialog") ?? document.body).append(field);
  field.select();
  const worked = document.execCommand("copy");
  field.remove();
  before?.focus();
  return worked;
}
