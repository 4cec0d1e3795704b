import { CopyButton } from "./copy-button.tsx";

/** Beside the list, while nothing is chosen from it. */
export function Welcome({ host }: { host: string }) {
  const command = `docker login ${host}`;
  return (
    <div class="welcome">
      <p>
        Choose a repository, or press <kbd>/</kbd> to search.
      </p>
      <p class="command">
        <code>{command}</code>
        <CopyButton text={command} what="login command" />
      </p>
    </div>
  );
}
