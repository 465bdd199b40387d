import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef } from "react";
import type { KeyboardEvent } from "react";
import { useWidth } from "../../lib/use-width.ts";
import { ApplicationRow } from "./application-row.tsx";
import { ApplicationTile } from "./application-tile.tsx";
import type { Application } from "./list-query.ts";
import { keyOf } from "./list-query.ts";
import type { Look } from "./list-search.ts";
import styles from "./rows.module.css";

interface RowsProps {
  readonly apps: readonly Application[];
  readonly look: Look;
  /** What is shown is of an earlier question, whose answer stands until the new one is there. */
  readonly isStale: boolean;
  readonly selected: ReadonlySet<string>;
  readonly onToggle: (key: string) => void;
  readonly hasMore: boolean;
  readonly onMore: () => void;
}

const rowHeight = 58;
const tileHeight = 178;
const minTileWidth = 300;
/** More is asked for when so many lines are left below. */
const aheadLines = 12;

/** The applications that fit on the screen, of as many as there are. */
export function Rows({ apps, look, isStale, selected, onToggle, hasMore, onMore }: RowsProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const width = useWidth(scroller);
  const columns = look === "tiles" ? Math.max(1, Math.floor(width / minTileWidth)) : 1;
  const lines = Math.ceil(apps.length / columns);
  const virtualizer = useVirtualizer({
    count: lines,
    getScrollElement: () => scroller.current,
    estimateSize: () => (look === "tiles" ? tileHeight : rowHeight),
    overscan: look === "tiles" ? 3 : 6,
  });
  useEffect(() => virtualizer.measure(), [virtualizer, look]);
  const items = virtualizer.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasMore && last >= lines - aheadLines) onMore();
  }, [hasMore, last, lines, onMore]);
  const Item = look === "tiles" ? ApplicationTile : ApplicationRow;
  return (
    <div
      ref={scroller}
      className={`${styles["scroller"]} ${isStale ? styles["stale"] : ""}`}
      role="list"
      aria-label="Applications"
      aria-busy={isStale}
      onKeyDown={moveFocus}
      tabIndex={-1}
    >
      <div className={styles["all"]} style={{ height: virtualizer.getTotalSize() }}>
        {items.map(({ index, start }) => (
          <div
            key={index}
            role="presentation"
            className={look === "tiles" ? styles["tiles"] : styles["row"]}
            style={{ transform: `translateY(${start}px)`, gridTemplateColumns: `repeat(${columns}, 1fr)` }}
          >
            {apps.slice(index * columns, (index + 1) * columns).map((app) => {
              const key = keyOf(app);
              return <Item key={key} app={app} isSelected={selected.has(key)} onToggle={onToggle} />;
            })}
          </div>
        ))}
      </div>
    </div>
  );
}

/** Arrows, and J and K, go from one application to the next. */
function moveFocus(event: KeyboardEvent<HTMLDivElement>): void {
  const step = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[event.key];
  if (
    step === undefined ||
    !(event.target instanceof HTMLElement) ||
    event.target.matches("input:not([type=checkbox])")
  )
    return;
  const links = [...event.currentTarget.querySelectorAll<HTMLElement>("a[data-app]")];
  const here = links.findIndex(
    (link) => link.closest("[role=listitem]")?.contains(event.target as Node) === true,
  );
  const next = links[here + step];
  if (next === undefined) return;
  event.preventDefault();
  next.focus();
  next.scrollIntoView({ block: "nearest" });
}
