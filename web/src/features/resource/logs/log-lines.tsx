import { useVirtualizer } from "@tanstack/react-virtual";
import { ArrowDown } from "lucide-react";
import { memo, useEffect, useRef, useState } from "react";
import { formatCount } from "../../../lib/format.ts";
import { Button } from "../../common/button.tsx";
import type { LogLine } from "./log-buffer.ts";
import styles from "./log-lines.module.css";
import { highlightParts } from "./log-options.ts";

interface LogLinesProps {
  readonly lines: readonly LogLine[];
  readonly filter: string;
  readonly hasTimes: boolean;
  readonly hasPods: boolean;
  readonly wraps: boolean;
}

const lineHeight = 20;
/** So near to the end one means to be at it. */
const nearEnd = 24;

/** The lines that fit on the screen. While somebody reads further up nothing moves; at the end new lines push the others up. */
export function LogLines({ lines: newest, filter, hasTimes, hasPods, wraps }: LogLinesProps) {
  const [held, setHeld] = useState<readonly LogLine[]>();
  const lines = held ?? newest;
  const scroller = useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => lineHeight,
    overscan: 30,
    getItemKey: (index) => lines[index]?.id ?? index,
  });
  const isAtEnd = held === undefined;
  useEffect(() => {
    if (isAtEnd && lines.length > 0) virtualizer.scrollToIndex(lines.length - 1, { align: "end" });
  }, [isAtEnd, lines, virtualizer, wraps]);
  useEffect(() => virtualizer.measure(), [virtualizer, wraps, hasTimes, hasPods]);
  const lastTop = useRef(0);
  /** New lines only ever scroll down: who scrolls up wants to read, and the lines are held until the end is reached again. */
  const onScroll = (): void => {
    const { current } = scroller;
    if (current === null) return;
    const { scrollTop, scrollHeight, clientHeight } = current;
    const isNearEnd = scrollHeight - clientHeight - scrollTop <= nearEnd;
    if (held === undefined && scrollTop < lastTop.current && !isNearEnd) setHeld(newest);
    if (held !== undefined && isNearEnd && scrollTop > lastTop.current) setHeld(undefined);
    lastTop.current = scrollTop;
  };
  const last = held?.at(-1)?.id ?? 0;
  const more = held === undefined ? 0 : newest.filter(({ id }) => id > last).length;
  return (
    <div className={styles["frame"]}>
      <div
        ref={scroller}
        className={styles["scroller"]}
        role="log"
        aria-label="Log"
        aria-live="off"
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reached by the keyboard
        tabIndex={0}
        data-wraps={wraps || undefined}
        onScroll={onScroll}
      >
        <div className={styles["all"]} style={{ height: virtualizer.getTotalSize() }}>
          {virtualizer.getVirtualItems().map(({ index, start, key }) => {
            const line = lines[index];
            return line === undefined ? null : (
              <div
                key={key}
                ref={wraps ? virtualizer.measureElement : undefined}
                data-index={index}
                className={styles["place"]}
                style={{ transform: `translateY(${start}px)` }}
              >
                <Line line={line} filter={filter} hasTimes={hasTimes} hasPods={hasPods} />
              </div>
            );
          })}
        </div>
      </div>
      {!isAtEnd && (
        <Button
          size="small"
          icon={<ArrowDown />}
          className={styles["newest"] ?? ""}
          onClick={() => setHeld(undefined)}
        >
          {more === 0 ? "To the end" : formatCount(more, "new line")}
        </Button>
      )}
    </div>
  );
}

interface LineProps extends Pick<LogLinesProps, "filter" | "hasTimes" | "hasPods"> {
  readonly line: LogLine;
}

const Line = memo(({ line: { pod, time, text }, filter, hasTimes, hasPods }: LineProps) => (
  <div className={styles["line"]}>
    {hasTimes && <span className={styles["time"]}>{time} </span>}
    {hasPods && <span className={styles[`pod${hueOf(pod)}`]}>{pod} </span>}
    {highlightParts(text, filter).map((part, i) =>
      i % 2 === 1 ? (
        // eslint-disable-next-line react/no-array-index-key -- parts of a line have no other name
        <mark key={i} className={styles["found"]}>
          {part}
        </mark>
      ) : (
        part
      ),
    )}
  </div>
));
Line.displayName = "Line";

const hues = 5;
const huesOfPods = new Map<string, number>();

/** One of some colours, always the same for a Pod, the next one for the next. */
function hueOf(pod: string): number {
  const known = huesOfPods.get(pod);
  if (known !== undefined) return known;
  const hue = huesOfPods.size % hues;
  huesOfPods.set(pod, hue);
  return hue;
}
