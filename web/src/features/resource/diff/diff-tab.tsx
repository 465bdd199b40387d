import { useQuery } from "@tanstack/react-query";
import { CircleCheck } from "lucide-react";
import { useMemo, useState } from "react";
import { formatCount } from "../../../lib/format.ts";
import { Button } from "../../common/button.tsx";
import { Failure, Skeleton, State } from "../../common/states.tsx";
import type { JsonObject } from "../manifest/json.ts";
import { liveQuery, managedQuery } from "../resource-queries.ts";
import type { TabProps } from "../tabs.tsx";
import { cleanObject } from "./clean-object.ts";
import { diffRows } from "./diff-rows.ts";
import styles from "./diff-tab.module.css";
import { DiffView } from "./diff-view.tsx";
import type { Owners } from "./field-owners.ts";
import { fieldOwners } from "./field-owners.ts";

const nobody: Owners = new Map();

/** What a sync would change: what lives, what it would become, and who made the difference. */
export function DiffTab({ app, resource }: TabProps) {
  const { data, error, refetch } = useQuery(managedQuery({ app, resource }));
  const { data: live } = useQuery(liveQuery({ app, resource }));
  const [isInline, setInline] = useState(() => matchMedia("(width < 700px)").matches);
  const owners = useMemo(() => (live === undefined || live === null ? nobody : fieldOwners(live)), [live]);
  const rows = useMemo(() => {
    if (data === undefined) return [];
    const { desired, isSynced } = data;
    const clean = (object: JsonObject | undefined) => cleanObject(object, desired);
    return diffRows({
      live: clean(data.live),
      normalized: clean(data.normalized),
      predicted: clean(data.predicted),
      desired: clean(desired),
      isSynced,
    });
  }, [data]);
  if (data === undefined)
    return error === null ? (
      <Skeleton lines={10} />
    ) : (
      <Failure error={error} onRetry={() => void refetch()} />
    );
  const ignored = rows.filter(({ change }) => change === "ignored").length;
  const changed = rows.filter(({ change }) => change !== "same").length - ignored;
  if (changed + ignored === 0)
    return (
      <State icon={<CircleCheck />} title="No difference">
        What lives is what Git says.
      </State>
    );
  return (
    <>
      <div className={styles["tools"]}>
        <p>{sentenceOf(data, changed, ignored)}</p>
        <div role="group" aria-label="Look" className={styles["looks"]}>
          {([false, true] as const).map((one) => (
            <Button
              key={String(one)}
              size="small"
              look={one === isInline ? "plain" : "quiet"}
              aria-pressed={one === isInline}
              onClick={() => setInline(one)}
            >
              {one ? "Inline" : "Side by side"}
            </Button>
          ))}
        </div>
      </div>
      <DiffView rows={rows} owners={owners} isInline={isInline} />
    </>
  );
}

interface Data {
  readonly live: JsonObject | undefined;
  readonly predicted: JsonObject | undefined;
  readonly isSynced: boolean;
}

function sentenceOf({ live, predicted, isSynced }: Data, changed: number, ignored: number): string {
  if (live === undefined) return "The cluster does not have it: a sync creates it.";
  if (predicted === undefined && !isSynced) return "Git does not name it: a sync with pruning deletes it.";
  const ignoring =
    ignored === 0
      ? ""
      : ` ${formatCount(ignored, "line differs", "lines differ")} and ${ignored === 1 ? "is" : "are"} ignored.`;
  return changed === 0
    ? `It counts as in sync.${ignoring}`
    : `A sync changes ${formatCount(changed, "line")}.${ignoring}`;
}
