import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useDebounced } from "../../common/use-debounced.ts";
import type { Application } from "../application-query.ts";
import { manifestsQuery, managedQuery, windowsQuery } from "../queries.ts";
import { useSelection } from "../selection.ts";
import { managedAt } from "./at-revision.ts";
import type { SyncChoice } from "./choice.ts";
import { firstChoice } from "./choice.ts";
import { chosenRows } from "./counts.ts";
import type { Guard } from "./guards.ts";
import { guardsOf } from "./guards.ts";
import type { PreviewRow } from "./preview.ts";
import { previewOf } from "./preview.ts";

export interface Plan {
  readonly choice: SyncChoice;
  readonly choose: (change: Partial<SyncChoice>) => void;
  /** Undefined until they are known. */
  readonly rows: readonly PreviewRow[] | undefined;
  /** The application was compared anew: the rows are of before, and on their way. */
  readonly isOld: boolean;
  readonly guards: readonly Guard[];
  /** Keys of the objects that the sync is about; empty for all. */
  readonly selected: ReadonlySet<string>;
  readonly selectAll: () => void;
  readonly error: Error | null;
  readonly retry: () => void;
  /** Another revision is looked at than the target revision. */
  readonly isOther: boolean;
}

/** What would be done as it is chosen, kept up while the application changes. */
export function usePlan(app: Application): Plan {
  const [choice, setChoice] = useState(() => firstChoice(app));
  const { metadata } = app;
  const { keys, clear } = useSelection(`${metadata?.namespace ?? ""}/${metadata?.name ?? ""}`);
  const revisions = useDebounced(choice.revisions);
  const isTyping = revisions !== choice.revisions;
  const isOther = revisions.some((revision) => revision.trim() !== "");
  const managed = useQuery(managedQuery(app));
  const manifests = useQuery({
    ...manifestsQuery(
      app,
      revisions.map((revision) => revision.trim()),
    ),
    enabled: isOther,
  });
  const { data: windows } = useQuery(windowsQuery(app));
  const all = useMemo(() => {
    // What is shown is what the button does.
    if (managed.data === undefined || isTyping) return undefined;
    const items = managed.data.items ?? [];
    if (!isOther) return previewOf(items);
    if (manifests.data === undefined) return undefined;
    return previewOf(managedAt(manifests.data.manifests ?? [], items));
  }, [managed.data, manifests.data, isOther, isTyping]);
  const selected = useMemo(
    () => new Set((all ?? []).map(({ key }) => key).filter((key) => keys.has(key))),
    [all, keys],
  );
  return {
    choice,
    choose: (change) => setChoice((before) => ({ ...before, ...change })),
    rows: all === undefined ? undefined : chosenRows(all, choice, selected),
    isOld: managed.isPlaceholderData,
    guards: guardsOf({ app, choice, rows: all ?? [], selected, windows }),
    selected,
    selectAll: clear,
    error: managed.error ?? (isOther && !isTyping ? manifests.error : null),
    retry: () => {
      void managed.refetch();
      if (isOther) void manifests.refetch();
    },
    isOther,
  };
}
