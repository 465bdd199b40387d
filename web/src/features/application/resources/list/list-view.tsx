import { useVirtualizer } from "@tanstack/react-virtual";
import { ArrowDown, ArrowUp, SearchX, X } from "lucide-react";
import { useMemo, useRef, useState } from "react";
import type { KeyboardEvent } from "react";
import { formatCount } from "../../../../lib/format.ts";
import { Button } from "../../../common/button.tsx";
import { State } from "../../../common/states.tsx";
import { useSelection } from "../../selection.ts";
import { matches } from "../filter-resources.ts";
import type { ViewProps } from "../view-props.ts";
import { ListRow } from "./list-row.tsx";
import styles from "./list-view.module.css";
import type { Column, Order } from "./sort-resources.ts";
import { nextOrder, sortResources } from "./sort-resources.ts";

const rowHeight = 40;

const columns: readonly (readonly [Column, string])[] = [
  ["kind", "Kind"],
  ["name", "Name"],
  ["namespace", "Namespace"],
  ["sync", "Sync"],
  ["health", "Health"],
  ["wave", "Wave"],
  ["age", "Age"],
  ["images", "Images"],
];

/** All resources in a table; those that Git names can be selected for a sync. */
export function ListView({ app, resources, filter, onOpen }: ViewProps) {
  const { namespace = "", name = "" } = app.metadata ?? {};
  const selection = useSelection(`${namespace}/${name}`);
  const [order, setOrder] = useState<Order>({ column: "kind", isDown: false });
  const shown = useMemo(
    () =>
      sortResources(
        resources.filter((one) => matches(one, filter)),
        order,
      ),
    [resources, filter, order],
  );
  const scroller = useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualizer({
    count: shown.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
  });
  const selectable = useMemo(() => shown.filter(({ isManaged }) => isManaged).map(({ key }) => key), [shown]);
  const selectedHere = selectable.filter((key) => selection.keys.has(key)).length;
  const isAll = selectable.length > 0 && selectedHere === selectable.length;
  const toggleAll = (): void =>
    selection.set(
      isAll ? selection.keys.difference(new Set(selectable)) : selection.keys.union(new Set(selectable)),
    );
  if (shown.length === 0)
    return (
      <State icon={<SearchX />} title="No resource matches">
        Take a filter away to see more.
      </State>
    );
  return (
    <>
      {selection.keys.size > 0 && (
        <div className={styles["selection"]} role="status">
          {formatCount(selection.keys.size, "resource")} selected. Sync offers to sync{" "}
          {selection.keys.size === 1 ? "this one alone." : "these alone."}
          <Button size="small" look="quiet" icon={<X />} onClick={selection.clear}>
            Select none
          </Button>
        </div>
      )}
      <div
        ref={scroller}
        className={styles["scroller"]}
        role="table"
        aria-label="Resources"
        aria-rowcount={shown.length + 1}
        onKeyDown={moveRow}
      >
        <div role="row" aria-rowindex={1} className={`${styles["row"]} ${styles["head"]}`}>
          <span role="columnheader">
            <input
              type="checkbox"
              aria-label="Select all that Git names"
              checked={isAll}
              disabled={selectable.length === 0}
              ref={(box) => {
                if (box !== null) box.indeterminate = selectedHere > 0 && !isAll;
              }}
              onChange={toggleAll}
            />
          </span>
          {columns.map(([column, title]) => (
            <span
              key={column}
              role="columnheader"
              className={styles[column]}
              aria-sort={order.column !== column ? "none" : order.isDown ? "descending" : "ascending"}
            >
              <button
                type="button"
                className={styles["sort"]}
                onClick={() => setOrder(nextOrder(order, column))}
              >
                {title}
                {order.column === column &&
                  (order.isDown ? <ArrowDown aria-hidden="true" /> : <ArrowUp aria-hidden="true" />)}
              </button>
            </span>
          ))}
        </div>
        <div role="rowgroup" className={styles["all"]} style={{ height: virtualizer.getTotalSize() }}>
          {virtualizer.getVirtualItems().map(({ index, start }) => {
            const resource = shown[index];
            return resource === undefined ? null : (
              <ListRow
                key={resource.key}
                resource={resource}
                index={index}
                start={start}
                isSelected={selection.keys.has(resource.key)}
                onToggle={selection.toggle}
                onOpen={onOpen}
              />
            );
          })}
        </div>
      </div>
    </>
  );
}

/** Arrows, and J and K, go from one row to the next. */
function moveRow(event: KeyboardEvent<HTMLDivElement>): void {
  const step = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[event.key];
  if (step === undefined || !(event.target instanceof HTMLElement)) return;
  const names = [...event.currentTarget.querySelectorAll<HTMLElement>("button[data-key]")];
  const here = names.findIndex((one) => one.closest("[role=row]")?.contains(event.target as Node) === true);
  const next = names[here + step];
  if (next === undefined) return;
  event.preventDefault();
  next.focus();
  next.scrollIntoView({ block: "nearest" });
}
