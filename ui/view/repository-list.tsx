import { useMemo, useRef } from "preact/hooks";
import { useRoving } from "../hooks/use-roving.ts";
import { useWindow } from "../hooks/use-window.ts";
import { type GroupedRow, grouped } from "../registry/grouping.ts";
import { hashOf } from "../registry/route.ts";

/** As in repositories.css. */
const rowHeight = 32;

/** The repositories, grouped by path; only visible rows are rendered. */
export function RepositoryList({ repositories, open }: { repositories: string[]; open: string | undefined }) {
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useMemo(() => grouped(repositories), [repositories]);
  const drawn = useWindow(scroller, rows.length, rowHeight);
  const isStop = (row: number) => rows[row]?.kind === "repository";
  const roving = useRoving(scroller, { ...drawn, count: rows.length, rowHeight, isStop });

  return (
    <div class="scroller" ref={scroller}>
      <ul style={{ paddingBlock: `${drawn.before}px ${drawn.after}px` }}>
        {rows.slice(drawn.first, drawn.last).map((row, index) => {
          const at = drawn.first + index;
          return (
            <li key={row.kind === "group" ? row.path : row.repository} class={row.kind}>
              <Row row={row} at={at} open={open} tabIndex={roving.tabIndexOf(at)} />
            </li>
          );
        })}
      </ul>
    </div>
  );
}

type RowArgs = { row: GroupedRow; at: number; open: string | undefined; tabIndex: number };

function Row({ row, at, open, tabIndex }: RowArgs) {
  if (row.kind === "group") return <bdi title={row.path}>{row.path}</bdi>;
  return (
    <a
      href={hashOf(row.repository)}
      title={row.repository}
      aria-label={row.repository}
      data-row={at}
      tabIndex={tabIndex}
      aria-current={row.repository === open ? "page" : undefined}
    >
      {row.name}
    </a>
  );
}
