import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { useRoving } from "../hooks/use-roving.ts";
import { useWindow } from "../hooks/use-window.ts";
import type { Registry } from "../registry/registry.ts";
import { Icon } from "./icon.tsx";
import { TagRow } from "./tag-row.tsx";

/** As in tags.css. */
const rowHeight = 44;

type TagTableArgs = { registry: Registry; host: string; repository: string; tags: string[]; open: string | undefined };

/** The tags with their images' properties; only visible rows are rendered and loaded. */
export function TagTable({ registry, host, repository, tags, open }: TagTableArgs) {
  const [highestFirst, setHighestFirst] = useState(true);
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useMemo(() => (highestFirst ? tags.toReversed() : tags), [tags, highestFirst]);
  const drawn = useWindow(scroller, rows.length, rowHeight);
  const roving = useRoving(scroller, { ...drawn, count: rows.length, rowHeight });
  useLayoutEffect(() => {
    if (open !== undefined && rows.includes(open)) roving.reveal(rows.indexOf(open));
  }, []);

  return (
    <div class="scroller" ref={scroller}>
      <table aria-labelledby="repository-title" aria-rowcount={rows.length + 1}>
        <thead>
          <tr aria-rowindex={1}>
            <th class="tag" scope="col" aria-sort={highestFirst ? "descending" : "ascending"}>
              <button type="button" onClick={() => setHighestFirst(!highestFirst)}>
                Tag <Icon name={highestFirst ? "down" : "up"} />
              </button>
            </th>
            <th class="size" scope="col">
              Size
            </th>
            <th class="platforms" scope="col">
              Platforms
            </th>
            <th class="created" scope="col">
              Created
            </th>
            <th class="digest" scope="col">
              Digest
            </th>
            <th class="copies" scope="col">
              <span class="unseen">Pull command</span>
            </th>
          </tr>
        </thead>
        <tbody>
          <Gap height={drawn.before} />
          {rows.slice(drawn.first, drawn.last).map((tag, index) => {
            const at = drawn.first + index;
            const tabIndex = roving.tabIndexOf(at);
            return <TagRow key={tag} {...{ registry, host, repository, tag, at, tabIndex }} isOpen={tag === open} />;
          })}
          <Gap height={drawn.after} />
        </tbody>
      </table>
    </div>
  );
}

/** Takes the height of the rows that are not rendered. */
function Gap({ height }: { height: number }) {
  return height === 0 ? null : <tr class="gap" style={{ height: `${height}px` }} />;
}
