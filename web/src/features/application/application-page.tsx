import { Link, getRouteApi } from "@tanstack/react-router";
import { Trash2 } from "lucide-react";
import { Page } from "../common/page.tsx";
import { Failure, Skeleton, State } from "../common/states.tsx";
import { Status } from "../common/status.tsx";
import type { Application } from "./application-query.ts";
import styles from "./application-page.module.css";
import type { View } from "./page-search.ts";
import { views } from "./page-search.ts";
import { isResourceView, OpenResource, ResourceViews } from "./resources/resource-views.tsx";
import { useApplication } from "./use-application.ts";

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
  return (
    <Page tab={name} title={name} above={above}>
      <Status of="health" status={app.status?.health?.status} look="badge" />
      <Status of="sync" status={app.status?.sync?.status} look="badge" />
      <Views app={app} />
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
  drift: "Drift",
  events: "Events",
};

function Views({ app }: { readonly app: Application }) {
  const { view = "tree" } = route.useSearch();
  return (
    <>
      <nav aria-label="Views" className={styles["views"]}>
        {views.map((one) => (
          <Link
            key={one}
            from="/applications/$namespace/$name"
            to="."
            search={one === "tree" ? {} : { view: one }}
            replace
            className={styles["view"]}
            aria-current={one === view ? "page" : undefined}
          >
            {labels[one]}
          </Link>
        ))}
      </nav>
      {isResourceView(view) && <ResourceViews app={app} view={view} />}
      <OpenResource app={app} />
    </>
  );
}
