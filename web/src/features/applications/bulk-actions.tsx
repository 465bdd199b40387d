import { useMutation, useQueryClient } from "@tanstack/react-query";
import { GitPullRequestArrow, RefreshCw, X } from "lucide-react";
import { useState } from "react";
import { call } from "../../lib/api/index.ts";
import { formatCount } from "../../lib/format.ts";
import { Button } from "../common/button.tsx";
import { Dialog } from "../common/dialog.tsx";
import { Checkbox } from "../common/field.tsx";
import { tell } from "../common/toast.tsx";
import styles from "./bulk-actions.module.css";
import type { Application } from "./list-query.ts";
import { keyOf } from "./list-query.ts";

interface BulkActionsProps {
  /** As `namespace/name`; some may not be on any page that was read. */
  readonly selected: ReadonlySet<string>;
  readonly apps: readonly Application[];
  readonly onClear: () => void;
}

/** Requests of one click that are under way at a time. */
const atOnce = 6;

/** What can be done with several applications together. */
export function BulkActions({ selected, apps, onClear }: BulkActionsProps) {
  const [isAsking, setAsking] = useState(false);
  const [prune, setPrune] = useState(false);
  const [dryRun, setDryRun] = useState(false);
  const queryClient = useQueryClient();
  const done = async (): Promise<void> => {
    setAsking(false);
    await queryClient.invalidateQueries({ queryKey: ["applications"] });
  };
  const refresh = useMutation({
    mutationFn: () =>
      forEach(selected, ({ namespace, name }) =>
        call(
          "application.get",
          { name, appNamespace: namespace, refresh: "normal" },
          { fields: "metadata.name" },
        ),
      ),
    onSuccess: (failures) => {
      report("refreshed", selected.size, failures);
      return done();
    },
  });
  const sync = useMutation({
    mutationFn: () =>
      forEach(selected, ({ namespace, name }) =>
        call(
          "application.sync",
          { name, appNamespace: namespace, prune, dryRun },
          { fields: "metadata.name" },
        ),
      ),
    onSuccess: (failures) => {
      report("asked to sync", selected.size, failures);
      return done();
    },
  });
  const chosen = apps.filter((app) => selected.has(keyOf(app)));
  return (
    <div className={styles["bar"]} role="toolbar" aria-label="With the selected applications">
      <strong>{formatCount(selected.size, "application")} selected</strong>
      <Button size="small" onClick={() => refresh.mutate()} isBusy={refresh.isPending} icon={<RefreshCw />}>
        Refresh
      </Button>
      <Button size="small" look="primary" onClick={() => setAsking(true)} icon={<GitPullRequestArrow />}>
        Sync…
      </Button>
      <Button size="small" look="quiet" onClick={onClear} icon={<X />}>
        Select none
      </Button>
      <Dialog
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        title={`Sync ${formatCount(selected.size, "application")}`}
        description="Each is brought to what its source says now. Guards and sync windows hold as for a single one."
        actions={
          <>
            <Button onClick={() => setAsking(false)}>Cancel</Button>
            <Button look="primary" isBusy={sync.isPending} onClick={() => sync.mutate()}>
              {dryRun ? "Try it" : "Sync"}
            </Button>
          </>
        }
      >
        <Checkbox
          label="Prune"
          hint="Delete what an application deployed and its source does not have any more."
          isChecked={prune}
          onChange={setPrune}
        />
        <Checkbox label="Dry run" hint="Change nothing." isChecked={dryRun} onChange={setDryRun} />
        <ul className={styles["names"]}>
          {chosen.map((app) => (
            <li key={keyOf(app)}>{keyOf(app)}</li>
          ))}
        </ul>
      </Dialog>
    </div>
  );
}

interface Named {
  readonly namespace: string;
  readonly name: string;
}

/** Does it for each, some at a time; what went wrong, by name. */
async function forEach(
  selected: ReadonlySet<string>,
  act: (app: Named) => Promise<unknown>,
): Promise<readonly string[]> {
  const waiting = [...selected];
  const failures: string[] = [];
  const work = async (): Promise<void> => {
    for (let key = waiting.pop(); key !== undefined; key = waiting.pop()) {
      const [namespace = "", name = ""] = key.split("/");
      try {
        await act({ namespace, name });
      } catch (error) {
        failures.push(`${key}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return failures;
}

function report(what: string, asked: number, failures: readonly string[]): void {
  const count = asked - failures.length;
  if (count > 0) tell(`${formatCount(count, "application")} ${what}.`);
  const [first] = failures;
  if (first !== undefined)
    tell(failures.length === 1 ? first : `${first} (and ${failures.length - 1} more)`, "bad");
}
