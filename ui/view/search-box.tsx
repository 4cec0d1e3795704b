import type { RefObject } from "preact";
import { Icon } from "./icon.tsx";

type SearchBoxArgs = {
  label: string;
  value: string;
  onValue(value: string): void;
  /** What Enter does. @default nothing */
  onEnter?(): void;
  box: RefObject<HTMLInputElement | null>;
  /** Whether the key `/` focuses it. */
  slash: boolean;
};

/** A search box that filters the list below it while the user types. */
export function SearchBox({ label, value, onValue, onEnter, box, slash }: SearchBoxArgs) {
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter") onEnter?.();
    if (event.key === "ArrowDown") firstOfList(box.current)?.focus();
    if (event.key !== "Escape") return;
    event.preventDefault();
    if (value === "") box.current?.blur();
    else onValue("");
  };
  return (
    <div class="search">
      <Icon name="search" />
      <input
        ref={box}
        type="search"
        aria-label={label}
        aria-keyshortcuts={slash ? "/" : undefined}
        placeholder={label}
        value={value}
        autocomplete="off"
        spellcheck={false}
        onInput={(event) => onValue(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      {slash && <kbd>/</kbd>}
    </div>
  );
}

function firstOfList(box: HTMLElement | null): HTMLElement | null | undefined {
  return box?.closest(".pane")?.querySelector<HTMLElement>("[data-row][tabindex='0']");
}
