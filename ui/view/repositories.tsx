import { useMemo, useRef, useState } from "preact/hooks";
import { useAnnounced } from "../hooks/use-announced.ts";
import type { Listing } from "../hooks/use-pages.ts";
import { useSlash } from "../hooks/use-slash.ts";
import { counted, matching } from "../registry/listing.ts";
import { hashOf, isRepository, type Route } from "../registry/route.ts";
import { CopyButton } from "./copy-button.tsx";
import { Empty, FailureNotice } from "./notice.tsx";
import { RepositoryList } from "./repository-list.tsx";
import { SearchBox } from "./search-box.tsx";

type RepositoriesArgs = { catalogue: Listing; host: string; route: Route; onLogIn(): void };

/** All repositories, or why they cannot be listed. */
export function Repositories({ catalogue, host, route, onLogIn }: RepositoriesArgs) {
  const [typed, setTyped] = useState("");
  const box = useRef<HTMLInputElement>(null);
  const inRepository = route.kind === "repository" || route.kind === "image";
  useSlash(box, !inRepository);
  const found = useMemo(() => matching(catalogue.names, typed), [catalogue.names, typed]);

  useAnnounced(typed !== "" ? counted(found.length, "repository", "repositories") : undefined);

  // Also if listing is not allowed: a user who knows a name can open it.
  const openTyped = () => {
    const only = found.length === 1 ? found[0] : typed.trim();
    if (only !== undefined && isRepository(only)) location.hash = hashOf(only);
  };

  return (
    <nav class="pane repositories" aria-label="Repositories">
      <div class="pane-head">
        <h1 class="caption">
          Repositories <Count shown={found.length} listing={catalogue} />
        </h1>
        <SearchBox
          label="Search repositories"
          value={typed}
          onValue={setTyped}
          onEnter={openTyped}
          box={box}
          slash={!inRepository}
        />
      </div>
      {found.length > 0 && <RepositoryList repositories={found} open={inRepository ? route.repository : undefined} />}
      {found.length === 0 && <Nothing {...{ catalogue, host, typed, onLogIn }} />}
      {found.length > 0 && catalogue.failure && <FailureNotice failure={catalogue.failure} retry={catalogue.reload} />}
    </nav>
  );
}

/** The number of repositories; while searching, also of how many; `…` while more are loaded. */
export function Count({ shown, listing }: { shown: number; listing: Listing }) {
  const { names, complete } = listing;
  if (names.length === 0) return null;
  const all = `${names.length.toLocaleString("en")}${complete ? "" : "…"}`;
  return <span class="count">{shown === names.length ? all : `${shown.toLocaleString("en")} of ${all}`}</span>;
}

type NothingArgs = { catalogue: Listing; host: string; typed: string; onLogIn(): void };

function Nothing({ catalogue: { names, complete, failure, reload }, host, typed, onLogIn }: NothingArgs) {
  if (failure?.kind === "unauthorized")
    return (
      <Empty title="Log in to list the repositories">
        <button type="button" onClick={onLogIn}>
          Log in
        </button>
      </Empty>
    );
  if (failure?.kind === "denied")
    return (
      <Empty title="The list is closed">
        <p>This registry lets nobody list its repositories. Type a whole name above and press Enter to open it.</p>
      </Empty>
    );
  if (failure) return <FailureNotice failure={failure} retry={reload} />;
  if (names.length > 0) return <Empty title={`No repository matches “${typed}”`} />;
  if (!complete) return <p class="waiting">Loading…</p>;
  const command = `docker push ${host}/NAME:TAG`;
  return (
    <Empty title="No repositories yet">
      <p>The first push makes one:</p>
      <p class="command">
        <code>{command}</code>
        <CopyButton text={command} what="push command" />
      </p>
    </Empty>
  );
}
