import { useMemo, useRef, useState } from "preact/hooks";
import type { Listing } from "../hooks/use-pages.ts";
import { useSlash } from "../hooks/use-slash.ts";
import { matching } from "../registry/listing.ts";
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

  return (
    <section class="pane tags" aria-labelledby="repository-title">
      <div class="pane-head">
        <div class="title-line">
          <a class="back" href="#/" aria-label="All repositories">
            <Icon name="back" />
          </a>
          <h2 id="repository-title">
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
