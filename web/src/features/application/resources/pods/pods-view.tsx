import { useVirtualizer } from "@tanstack/react-virtual";
import { Box } from "lucide-react";
import { useEffect, useMemo, useRef, useState } from "react";
import { formatCount } from "../../../../lib/format.ts";
import { Button } from "../../../common/button.tsx";
import { State } from "../../../common/states.tsx";
import { Status } from "../../../common/status.tsx";
import { matches } from "../filter-resources.ts";
import { healthCounts } from "../graph/graph.ts";
import type { ViewProps } from "../view-props.ts";
import type { Host } from "../use-resources.ts";
import { describeHost, describeSystem } from "./describe-host.ts";
import type { PodGroup, PodGrouping } from "./group-pods.ts";
import { groupPods, isPod, podRows } from "./group-pods.ts";
import { PodTile } from "./pod-tile.tsx";
import styles from "./pods-view.module.css";
import { useWidth } from "../../../../lib/use-width.ts";

const titleHeight = 42;
const tileHeight = 92;
const minTileWidth = 230;

/** The Pods, a tile each, by what they belong to or where they run. */
export function PodsView({ resources, hosts, filter, onOpen }: ViewProps) {
  const [grouping, setGrouping] = useState<PodGrouping>("owner");
  const scroller = useRef<HTMLDivElement>(null);
  const width = useWidth(scroller);
  const columns = Math.max(1, Math.floor(width / minTileWidth));
  const all = useMemo(() => resources.filter((one) => isPod(one)), [resources]);
  const pods = useMemo(() => all.filter((one) => matches(one, filter)), [all, filter]);
  const rows = useMemo(
    () => podRows(groupPods(resources, pods, grouping), columns),
    [resources, pods, grouping, columns],
  );
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => (rows[index]?.look === "title" ? titleHeight : tileHeight),
    overscan: 6,
  });
  useEffect(() => virtualizer.measure(), [virtualizer, rows]);
  return (
    <>
      <div className={styles["tools"]}>
        <span className="muted">{formatCount(pods.length, "Pod")}</span>
        <div role="group" aria-label="Group by" className={styles["groupings"]}>
          {(["owner", "node"] as const).map((one) => (
            <Button
              key={one}
              size="small"
              look={one === grouping ? "plain" : "quiet"}
              aria-pressed={one === grouping}
              onClick={() => setGrouping(one)}
            >
              {one === "owner" ? "By what they belong to" : "By node"}
            </Button>
          ))}
        </div>
      </div>
      <div ref={scroller} className={styles["scroller"]}>
        {pods.length === 0 && (
          <State icon={<Box />} title={all.length === 0 ? "No Pods" : "No Pod matches"}>
            {all.length === 0
              ? "Nothing of this application runs Pods, or none are there yet."
              : "Take a filter away to see more."}
          </State>
        )}
        <div className={styles["all"]} style={{ height: virtualizer.getTotalSize() }}>
          {virtualizer.getVirtualItems().map(({ index, start }) => {
            const row = rows[index];
            if (row === undefined) return null;
            return (
              <div key={index} className={styles["line"]} style={{ transform: `translateY(${start}px)` }}>
                {row.look === "title" ? (
                  <GroupTitle
                    group={row.group}
                    host={grouping === "node" ? hosts.find(({ name }) => name === row.group.id) : undefined}
                  />
                ) : (
                  <div className={styles["tiles"]} style={{ gridTemplateColumns: `repeat(${columns}, 1fr)` }}>
                    {row.pods.map((pod) => (
                      <PodTile key={pod.key} pod={pod} onOpen={onOpen} />
                    ))}
                  </div>
                )}
              </div>
            );
          })}
        </div>
      </div>
    </>
  );
}

interface GroupTitleProps {
  readonly group: PodGroup;
  /** Of Pods that are told by their node. */
  readonly host: Host | undefined;
}

function GroupTitle({ group: { title, pods }, host }: GroupTitleProps) {
  return (
    <div className={styles["title"]}>
      <h2 className="truncate" title={title}>
        {title}
      </h2>
      {healthCounts(pods).map(([health, count]) => (
        <span key={health} className={styles["count"]}>
          <Status of="health" status={health} look="icon" />
          {count}
        </span>
      ))}
      {host !== undefined && (
        <span
          className={`truncate ${styles["host"]}`}
          title={[describeSystem(host), ...describeHost(host)].join("\n")}
        >
          {describeHost(host).join(" · ")}
        </span>
      )}
    </div>
  );
}
