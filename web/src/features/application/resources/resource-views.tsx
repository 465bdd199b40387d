import { getRouteApi } from "@tanstack/react-router";
import { Boxes } from "lucide-react";
import { lazy, Suspense, useCallback, useDeferredValue, useMemo, useState } from "react";
import { Failure, Skeleton, State } from "../../common/states.tsx";
import type { Application } from "../application-query.ts";
import type { Filter } from "./filter-resources.ts";
import { noFilter } from "./filter-resources.ts";
import { ListView } from "./list/list-view.tsx";
import { PodsView } from "./pods/pods-view.tsx";
import { ResourceFilters } from "./resource-filters.tsx";
import styles from "./resource-views.module.css";
import { TreeView } from "./tree/lazy-tree.ts";
import { useResources } from "./use-resources.ts";

/** What draws graphs, and editors, is loaded when it is needed. */
const NetworkView = lazy(async () => ({ default: (await import("./network/network-view.tsx")).NetworkView }));
const ResourcePanel = lazy(async () => ({
  default: (await import("../../resource/resource-panel.tsx")).ResourcePanel,
}));

const views = { tree: TreeView, list: ListView, network: NetworkView, pods: PodsView } as const;
type ResourceView = keyof typeof views;

const route = getRouteApi("/inside/applications/$namespace/$name");

interface ResourceViewsProps {
  readonly app: Application;
  readonly view: ResourceView;
}

/** The resources of an application, as a tree, a table, a network or Pods. */
export function ResourceViews({ app, view }: ResourceViewsProps) {
  const navigate = route.useNavigate();
  const { resources: all, hosts, error, retry } = useResources(app);
  const [isOrphansShown, showOrphans] = useState(false);
  const resources = useMemo(
    () => (isOrphansShown ? all : all?.filter(({ isOrphan }) => !isOrphan)),
    [all, isOrphansShown],
  );
  const [filter, setFilter] = useState<Filter>(noFilter);
  const shownFilter = useDeferredValue(filter);
  const { name = "" } = app.metadata ?? {};
  const health = app.status?.health?.status;
  const sync = app.status?.sync?.status;
  const root = useMemo(() => ({ name, health, sync }), [name, health, sync]);
  const open = useCallback(
    (resource: string) =>
      void navigate({ search: ({ tab: _tab, ...search }) => ({ ...search, resource }), resetScroll: false }),
    [navigate],
  );
  if (error !== null) return <Failure error={error} onRetry={retry} />;
  if (all === undefined || resources === undefined)
    return <Skeleton label="Loading the resources" lines={10} />;
  if (all.length === 0)
    return (
      <State icon={<Boxes />} title="No resources">
        {sync === "Unknown"
          ? "The application has none. What is in Git could not be compared yet, so nothing is known of what would come."
          : "The application has none yet. What is in Git comes with the next sync."}
      </State>
    );
  const orphans = all.filter(({ isOrphan }) => isOrphan).length;
  const View = views[view];
  return (
    <section aria-label="Resources" className={styles["views"]}>
      <ResourceFilters
        resources={resources}
        filter={filter}
        onChange={setFilter}
        orphans={{ count: orphans, isShown: isOrphansShown, onShow: showOrphans }}
      />
      <Suspense fallback={<Skeleton label="Loading the view" lines={10} />}>
        <View app={app} resources={resources} hosts={hosts} filter={shownFilter} root={root} onOpen={open} />
      </Suspense>
    </section>
  );
}

/** The panel of the resource that the address names, over whatever view is shown. */
export function OpenResource({ app }: { readonly app: Application }) {
  const navigate = route.useNavigate();
  const { resource, tab } = route.useSearch();
  if (resource === undefined) return null;
  return (
    <Suspense>
      <ResourcePanel
        app={app}
        resourceKey={resource}
        tab={tab}
        onTab={(next) =>
          void navigate({ search: (search) => ({ ...search, tab: next }), replace: true, resetScroll: false })
        }
        onOpen={(next) =>
          void navigate({
            search: ({ tab: _tab, ...search }) => ({ ...search, resource: next }),
            resetScroll: false,
          })
        }
        onClose={() =>
          void navigate({
            search: ({ tab: _tab, resource: _resource, ...search }) => search,
            resetScroll: false,
          })
        }
      />
    </Suspense>
  );
}
