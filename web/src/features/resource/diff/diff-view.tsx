import { useVirtualizer } from "@tanstack/react-virtual";
import { UnfoldVertical } from "lucide-react";
import { memo, useMemo, useRef, useState } from "react";
import type { ReactNode } from "react";
import { formatCount } from "../../../lib/format.ts";
import type { DiffRow } from "./diff-rows.ts";
import styles from "./diff-view.module.css";
import type { Owner, Owners } from "./field-owners.ts";
import { ownersOf } from "./field-owners.ts";
import type { ShownRow } from "./fold-rows.ts";
import { differingPart, foldRows, inlineRows } from "./fold-rows.ts";
import { OwnerMark } from "./owner-mark.tsx";

interface DiffViewProps {
  readonly rows: readonly DiffRow[];
  readonly owners: Owners;
  readonly isInline: boolean;
}

const lineHeight = 21;

/** Lines of two sides, or of one column, with what is the same folded away. */
export function DiffView({ rows, owners, isInline }: DiffViewProps) {
  const [opened, setOpened] = useState<ReadonlySet<number>>(new Set());
  const all = useMemo(() => (isInline ? inlineRows(rows) : rows), [rows, isInline]);
  const shown = useMemo(() => foldRows(all, opened), [all, opened]);
  const scroller = useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualizer({
    count: shown.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => lineHeight,
    overscan: 24,
  });
  return (
    <div className={styles["frame"]}>
      {!isInline && (
        <div className={styles["heads"]}>
          <span>In the cluster</span>
          <span>After a sync</span>
        </div>
      )}
      <div
        ref={scroller}
        className={styles["scroller"]}
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reached by the keyboard
        tabIndex={0}
        role="region"
        aria-label="Differences"
      >
        <div className={styles["all"]} style={{ height: virtualizer.getTotalSize() }}>
          {virtualizer.getVirtualItems().map(({ index, start }) => {
            const row = shown[index];
            if (row === undefined) return null;
            return (
              <div
                key={index}
                ref={virtualizer.measureElement}
                data-index={index}
                className={styles["place"]}
                style={{ transform: `translateY(${start}px)` }}
              >
                {row.look === "fold" ? (
                  <Fold fold={row} onOpen={() => setOpened(new Set([...opened, row.index]))} />
                ) : (
                  <Line
                    row={row.row}
                    isInline={isInline}
                    owners={beginsChange(all, row.index) ? ownersOf(owners, row.row.path) : none}
                  />
                )}
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}

const none: readonly Owner[] = [];

/** The owner is told once for a field, on its first line. */
function beginsChange(rows: readonly DiffRow[], index: number): boolean {
  const [row, above] = [rows[index], rows[index - 1]];
  if (row === undefined || row.change === "same" || row.left === undefined) return false;
  return above === undefined || above.change === "same" || above.path !== row.path;
}

interface FoldProps {
  readonly fold: Extract<ShownRow, { look: "fold" }>;
  readonly onOpen: () => void;
}

function Fold({ fold, onOpen }: FoldProps) {
  return (
    <button type="button" className={styles["fold"]} onClick={onOpen}>
      <UnfoldVertical aria-hidden="true" /> {formatCount(fold.count, "line")} the same
      {fold.path !== "" && <span className="mono">{fold.path}</span>}
    </button>
  );
}

interface LineProps {
  readonly row: DiffRow;
  readonly isInline: boolean;
  readonly owners: readonly Owner[];
}

const signs = { same: " ", changed: "~", added: "+", removed: "−", ignored: "·" } as const;
const words = {
  same: "",
  changed: "Changed: ",
  added: "Added: ",
  removed: "Removed: ",
  ignored: "Ignored: ",
} as const;

const Line = memo(({ row, isInline, owners }: LineProps) => {
  const { left, right, change } = row;
  const isIgnored = change === "ignored";
  const marks = (
    <>
      {isIgnored && <span className={styles["ignored"]}>ignored</span>}
      {owners.length > 0 && <OwnerMark owners={owners} />}
    </>
  );
  const [leftChange, rightChange] = isIgnored
    ? (["ignored", "ignored"] as const)
    : change === "changed"
      ? (["removed", "added"] as const)
      : ([change, change] as const);
  if (isInline)
    return (
      <div className={styles["line"]}>
        <Side text={left ?? right} change={change} other={undefined}>
          {marks}
        </Side>
      </div>
    );
  return (
    <div className={styles["line"]} data-two="">
      <Side text={left} change={leftChange} other={right}>
        {left === undefined ? null : marks}
      </Side>
      <Side text={right} change={rightChange} other={left}>
        {left === undefined ? marks : null}
      </Side>
    </div>
  );
});
Line.displayName = "Line";

interface SideProps {
  readonly text: string | undefined;
  readonly change: DiffRow["change"];
  readonly other: string | undefined;
  readonly children: ReactNode;
}

function Side({ text, change, other, children }: SideProps) {
  if (text === undefined) return <div className={styles["side"]} data-change="none" />;
  const [before, middle, after] = differingPart(text, other);
  return (
    <div className={styles["side"]} data-change={change}>
      <span aria-hidden="true" className={styles["sign"]}>
        {signs[change]}
      </span>
      <code className={styles["code"]}>
        <span className="visually-hidden">{words[change]}</span>
        {before}
        {middle !== "" && <mark className={styles["differs"]}>{middle}</mark>}
        {after}
      </code>
      {children}
    </div>
  );
}
