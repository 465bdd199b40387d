import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { call } from "../../../lib/api/index.ts";
import { formatRepository } from "../../../lib/format.ts";
import {
  clusterOf,
  formatCluster,
  formatSource,
  sourcesOf,
} from "../../applications/describe-application.ts";
import { Ago } from "../../common/time.tsx";
import type { Application } from "../application-query.ts";
import { namedIn } from "../change-application.ts";
import { Automation } from "./automation.tsx";
import styles from "./header.module.css";
import { Placed } from "./placed.tsx";
import { isWebAddress } from "../../../lib/web-address.ts";

type Source = ReturnType<typeof sourcesOf>[number];

/** What is written down about the application. */
export function Facts({ app }: { readonly app: Application }) {
  const { metadata, spec, status } = app;
  const sources = sourcesOf(app);
  const labels = Object.entries(metadata?.labels ?? {});
  const project = spec?.project ?? "default";
  return (
    <dl className={styles["facts"]}>
      <Fact name={sources.length > 1 ? "Sources" : "Source"}>
        {sources.map((source, i) => (
          <SourceLine key={i} source={source} />
        ))}
      </Fact>
      <Fact name="Target">
        {formatCluster(clusterOf(app))}
        {spec?.destination?.namespace !== undefined && ` / ${spec.destination.namespace}`}
      </Fact>
      <Fact name="Project">
        <Link to="/settings/projects/$name" params={{ name: project }} title="What this project permits">
          {project}
        </Link>
      </Fact>
      <Placed app={app}>{(link) => <Fact name="Stage">{link}</Fact>}</Placed>
      <Fact name="Automation">
        <Automation app={app} />
      </Fact>
      <Fact name="Compared">
        <Ago time={status?.reconciledAt} />
        {status?.reconciledAt === undefined && <span className="muted">not yet</span>}
      </Fact>
      {labels.length > 0 && (
        <Fact name="Labels">
          <span className={styles["labels"]}>
            {labels.map(([name, value]) => (
              <Link
                key={name}
                to="/applications"
                search={{ labels: `${name}=${value}` }}
                className={styles["label"]}
                title="All applications with this label"
              >
                {name}={value}
              </Link>
            ))}
          </span>
        </Fact>
      )}
      <Links app={app} />
    </dl>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div className={styles["fact"]}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function SourceLine({ source }: { readonly source: Source }) {
  const { repoURL = "", targetRevision = "", ref = "" } = source;
  const text = formatSource(source);
  const repository = formatRepository(repoURL);
  const rest = text.slice(repository.length);
  return (
    <div>
      {isWebAddress(repoURL) ? (
        <a href={repoURL} target="_blank" rel="noreferrer">
          {repository}
        </a>
      ) : (
        repository
      )}
      {rest}
      <span className="muted">
        {" "}
        at {targetRevision === "" ? "HEAD" : targetRevision}
        {ref !== "" && `, called $${ref}`}
      </span>
    </div>
  );
}

/** Where people can look at it: what it serves, and what the settings say about it. */
function Links({ app }: { readonly app: Application }) {
  const { name, appNamespace } = namedIn(app);
  const { data } = useQuery({
    queryKey: ["links", appNamespace, name],
    queryFn: ({ signal }) => call("application.listLinks", { name, namespace: appNamespace }, { signal }),
    staleTime: 60_000,
  });
  const served = (app.status?.summary?.externalURLs ?? []).map((url) => ({ url, title: url }));
  const links = [...served, ...(data?.items ?? [])].filter(({ url }) => isWebAddress(url));
  if (links.length === 0) return null;
  return (
    <Fact name="Links">
      {links.map(({ url, title }) => (
        <div key={`${title ?? ""} ${url ?? ""}`}>
          <a href={url} target="_blank" rel="noreferrer">
            {title === undefined || title === "" ? url : title}
          </a>
        </div>
      ))}
    </Fact>
  );
}
