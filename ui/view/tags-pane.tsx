import { useMemo, useRef, useState } from "preact/hooks";
import { useAnnounced } from "../hooks/use-announced.ts";
import { useFocusIfLost } from "../hooks/use-focus-if-lost.ts";
import type { Listing } from "../hooks/use-pages.ts";
import { useSlash } from "../hooks/use-slash.ts";
import { counted, matching } from "../registry/listing.ts";
import type { Registry } from "../registry/registry.ts";
import { Icon } from "./icon.tsx";
import { Empty, FailureNotice } from "./notice.tsx";
import { Count } from "./repositories.tsx";
import { SearchBox } from "./search-box.tsx";
import { TagTable } from "./tag-table.tsx";

type TagsPaneArgs = {
  registry: Registry;
  host: string;
  repository: string;
  tags: Listing;
  /** The tag or digest shown beside. */
  open: string | undefined;
};

/** A repository's tags. */
export function TagsPane({ registry, host, repository, tags, open }: TagsPaneArgs) {
  const [typed, setTyped] = useState("");
  const box = useRef<HTMLInputElement>(null);
  useSlash(box, true);
  const found = useMemo(() => matching(tags.names, typed), [tags.names, typed]);

  useAnnounced(tags.complete ? `${repository}: ${counted(found.length, "tag", "tags")}` : undefined);
  const pane = useRef<HTMLElement>(null);
  useFocusIfLost(
    () => pane.current?.querySelector<HTMLElement>("[data-row][tabindex='0']") ?? pane.current?.querySelector("h2"),
    [open === undefined],
  );

  return (
    <section ref={pane} class="pane tags" aria-labelledby="repository-title">
      <div class="pane-head">
        <div class="title-line">
          <a class="back" href="#/" aria-label="All repositories">
            <Icon name="back" />
          </a>
          <h2 id="repository-title" tabIndex={-1}>
            <Path name={repository} /> <Count shown={found.length} listing={tags} />
          </h2>
        </div>
        {tags.names.length > 0 && (
          <SearchBox label="Search tags" value={typed} onValue={setTyped} box={box} slash={true} />
        )}
      </div>
      {found.length > 0 && <TagTable {...{ registry, host, repository, open }} tags={found} />}
      {found.length === 0 && <Nothing tags={tags} typed={typed} repository={repository} />}
      {found.length > 0 && tags.failure && <FailureNotice failure={tags.failure} retry={tags.reload} />}
    </section>
  );
}

function Path({ name }: { name: string }) {
  const path = name.slice(0, name.lastIndexOf("/") + 1);
  return (
    <>
      <span class="path">{path}</span>
      {name.slice(path.length)}
    </>
  );
}

function Nothing({ tags, typed, repository }: { tags: Listing; typed: string; repository: string }) {
  const { names, complete, failure, reload } = tags;
  if (failure?.kind === "missing") return <Empty title={`There is no repository ${repository}`} />;
  if (failure) return <FailureNotice failure={failure} retry={reload} />;
  if (names.length > 0) return <Empty title={`No tag matches “${typed}”`} />;
  if (!complete) return <p class="waiting">Loading…</p>;
  return (
    <Empty title="No tags">
      <p>All its images were deleted, or pushed without a tag.</p>
    </Empty>
  );
}
