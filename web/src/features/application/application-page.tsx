import { Link, getRouteApi, useRouterState } from "@tanstack/react-router";
import { Trash2 } from "lucide-react";
import { Suspense, lazy, useEffect, useRef, useState } from "react";
import type { ReactNode } from "react";
import { Page } from "../common/page.tsx";
import { Failure, Skeleton, State } from "../common/states.tsx";
import { Status } from "../common/status.tsx";
import type { Application } from "./application-query.ts";
import styles from "./application-page.module.css";
import { DeleteDialog } from "./delete-dialog.tsx";
import { EventsView } from "./events-view.tsx";
import { Conditions } from "./header/conditions.tsx";
import { Facts } from "./header/facts.tsx";
import headerStyles from "./header/header.module.css";
import { Headline } from "./header/headline.tsx";
import type { Panel } from "./page-actions.tsx";
import { PageActions } from "./page-actions.tsx";
import type { View } from "./page-search.ts";
import { views } from "./page-search.ts";
import { OpenResource, ResourceViews } from "./resources/resource-views.tsx";
import { SyncPanel } from "./sync/sync-panel.tsx";
import { useApplication } from "./use-application.ts";

const HistoryView = lazy(async () => ({ default: (await import("./history/history-view.tsx")).HistoryView }));
const DeliveryView = lazy(async () => ({
  default: (await import("../timeline/delivery-view.tsx")).DeliveryView,
}));
const DriftView = lazy(async () => ({ default: (await import("../timeline/drift-view.tsx")).DriftView }));
const SourceView = lazy(async () => ({ default: (await import("./source/source-view.tsx")).SourceView }));

const route = getRouteApi("/inside/applications/$namespace/$name");

/** One application: what is true of it, and what can be done. */
export function ApplicationPage() {
  const { namespace, name } = route.useParams();
  const { app, error, isGone, retry } = useApplication({ namespace, name });
  const above = (
    <>
      <Link to="/applications">Applications</Link> / {namespace}
    </>
  );
  if (app === undefined)
    return (
      <Page tab={name} title={name} above={above}>
        {error === null ? (
          <Skeleton label={`Loading ${name}`} lines={10} />
        ) : (
          <Failure error={error} onRetry={retry} />
        )}
      </Page>
    );
  if (isGone)
    return (
      <Page tab={name} title={name} above={above}>
        <State
          icon={<Trash2 />}
          title={`${name} was deleted`}
          actions={<Link to="/applications">All applications</Link>}
        >
          It is not there any more.
        </State>
      </Page>
    );
  return <WholeApplication key={`${namespace}/${name}`} app={app} above={above} />;
}

/** What is true of it, what can be done, and the views of it. */
function WholeApplication({ app, above }: { readonly app: Application; readonly above: ReactNode }) {
  const opened = useRouterState({ select: ({ location }) => location.state.panel });
  const [panel, setPanel] = useState<Panel | undefined>(opened);
  const navigate = route.useNavigate();
  const name = app.metadata?.name ?? "";
  const close = (): void => {
    setPanel(undefined);
    // What was to be open when the page was come to is not opened again when it is loaded again.
    if (opened !== undefined) void navigate({ search: true, state: {}, replace: true });
  };
  return (
    <Page
      tab={name}
      title={
        <span className={headerStyles["title"]}>
          {name}
          <Status
            of="health"
            status={app.status?.health?.status}
            message={app.status?.health?.message}
            look="badge"
          />
          <Status of="sync" status={app.status?.sync?.status} look="badge" />
        </span>
      }
      above={above}
      actions={<PageActions app={app} onOpen={setPanel} />}
    >
      <Headline app={app} />
      <Conditions
        app={app}
        onRemedy={(remedy) => {
          if (remedy === "source") void navigate({ search: { view: "parameters" }, replace: true });
          else setPanel(remedy === "sync" ? "plan" : "operation");
        }}
      />
      <Facts app={app} />
      <Views app={app} onStarted={() => setPanel("operation")} />
      {(panel === "plan" || panel === "operation") && <SyncPanel app={app} mode={panel} onClose={close} />}
      {panel === "delete" && <DeleteDialog app={app} onClose={close} />}
    </Page>
  );
}

const labels: Readonly<Record<View, string>> = {
  tree: "Tree",
  list: "List",
  network: "Network",
  pods: "Pods",
  history: "History",
  parameters: "Source",
  delivery: "Delivery",
  drift: "Drift",
  events: "Events",
};

interface ViewsProps {
  readonly app: Application;
  /** A sync was begun from a view. */
  readonly onStarted: () => void;
}

function Views({ app, onStarted }: ViewsProps) {
  const { view = "tree" } = route.useSearch();
  const nav = useRef<HTMLElement>(null);
  useEffect(() => showCurrent(nav.current), [view]);
  return (
    <>
      <nav ref={nav} aria-label="Views" className={styles["views"]}>
        {views.map((one) => (
          <Link
            key={one}
            from="/applications/$namespace/$name"
            to="."
            search={one === "tree" ? {} : { view: one }}
            replace
            // Of the address as a whole: the tree's has nothing that another view's does not have, too.
            activeOptions={{ exact: true, includeSearch: true }}
            className={styles["view"]}
            aria-current={one === view ? "page" : undefined}
          >
            {labels[one]}
          </Link>
        ))}
      </nav>
      <Suspense fallback={<Skeleton label={`Loading ${labels[view]}`} />}>
        <ShownView app={app} view={view} onStarted={onStarted} />
      </Suspense>
      <OpenResource app={app} />
    </>
  );
}

/** On a narrow screen the link to the view that is shown may be out of sight. The page itself stays where it is. */
function showCurrent(strip: HTMLElement | null): void {
  const current = strip?.querySelector('[aria-current="page"]')?.getBoundingClientRect();
  if (strip === null || current === undefined) return;
  const { left, right } = strip.getBoundingClientRect();
  strip.scrollLeft += Math.max(0, current.right - right) - Math.max(0, left - current.left);
}

function ShownView({ app, view, onStarted }: ViewsProps & { readonly view: View }) {
  switch (view) {
    case "history":
      return <HistoryView app={app} onStarted={onStarted} />;
    case "parameters":
      return <SourceView app={app} />;
    case "events":
      return <EventsView app={app} />;
    case "tree":
    case "list":
    case "network":
    case "pods":
      return <ResourceViews app={app} view={view} />;
    case "delivery":
      return <DeliveryView app={app} />;
    case "drift":
      return <DriftView app={app} />;
    default:
      throw new Error(`unhandled view: ${String(view satisfies never)}`);
  }
}

declare module "@tanstack/history" {
  interface HistoryState {
    /** What is open when the page is come to. */
    readonly panel?: Panel;
  }
}
