import { useQuery } from "@tanstack/react-query";
import { ExternalLink } from "lucide-react";
import type { ReactNode } from "react";
import { formatExact } from "../../lib/format.ts";
import { Status } from "../common/status.tsx";
import { Ago } from "../common/time.tsx";
import { formatKinds } from "../application/resources/graph/graph.ts";
import { countKinds, resourcesBelow } from "./below.ts";
import { formatKey, parseKey } from "./resource-key.ts";
import { linksQuery, liveQuery } from "./resource-queries.ts";
import { objectAt, textAt } from "./manifest/json.ts";
import { webAddress } from "../../lib/web-address.ts";
import styles from "./summary-tab.module.css";
import type { TabProps } from "./tabs.tsx";

/** What one wants to know of a resource first. */
export function SummaryTab({ app, resource, resources, onOpen }: TabProps) {
  const { data } = useQuery(liveQuery({ app, resource }));
  // What was known of an object that is gone is not true of it any more.
  const live = resource.isLive ? data : undefined;
  const { data: links } = useQuery(linksQuery({ app, resource }));
  const { kind, group, namespace, name, health, healthMessage, sync, createdAt, images, info, parents } =
    resource;
  const below = countKinds(resourcesBelow(resources, resource.key));
  const served = (resource.networking?.externalURLs ?? []).map((url) => ({ title: url, url }));
  const shownLinks = [...(links?.items ?? []), ...served].flatMap(({ title, url }) => {
    const href = webAddress(url?.slice(url.lastIndexOf("|") + 1));
    return href === undefined ? [] : [{ title: title ?? href, href }];
  });
  return (
    <dl className={styles["facts"]}>
      <Fact title="Name">{name}</Fact>
      <Fact title="Kind">{group === "" ? kind : `${kind} of ${group}`}</Fact>
      {namespace !== "" && <Fact title="Namespace">{namespace}</Fact>}
      {health !== undefined && (
        <Fact title="Health">
          <Status of="health" status={health} />
          {healthMessage !== undefined && healthMessage !== "" && <p className="muted">{healthMessage}</p>}
        </Fact>
      )}
      <Fact title="Sync">
        {sync === undefined ? (
          "Not in Git: something in the cluster made it"
        ) : (
          <Status of="sync" status={sync} />
        )}
        {resource.isPruned && <p className="muted">It left Git. A sync with pruning deletes it.</p>}
        {resource.isHook && <p className="muted">It is a hook, which runs during a sync.</p>}
      </Fact>
      {resource.isManaged && <Fact title="Sync wave">{resource.wave}</Fact>}
      {createdAt !== undefined && (
        <Fact title="Created">
          <Ago time={createdAt} /> <span className="muted">({formatExact(createdAt)})</span>
        </Fact>
      )}
      {Object.entries(info).map(([title, value]) => (
        <Fact key={title} title={title}>
          {value.replace(/^Rev:/u, "")}
        </Fact>
      ))}
      {images.length > 0 && (
        <Fact title={images.length === 1 ? "Image" : "Images"}>
          {images.map((image) => (
            <div key={image} className="mono">
              {image}
            </div>
          ))}
        </Fact>
      )}
      {parents.length > 0 && (
        <Fact title="Belongs to">
          {parents.map((key) => (
            <button key={key} type="button" className={styles["link"]} onClick={() => onOpen(key)}>
              {titleOf(key)}
            </button>
          ))}
        </Fact>
      )}
      {below.length > 0 && (
        <Fact title="Owns">{below.map(([one, count]) => formatKinds(count, one)).join(", ")}</Fact>
      )}
      {targetsOf(resource.networking?.targetRefs).length > 0 && (
        <Fact title="Leads to">
          {targetsOf(resource.networking?.targetRefs).map((key) => (
            <button key={key} type="button" className={styles["link"]} onClick={() => onOpen(key)}>
              {titleOf(key)}
            </button>
          ))}
        </Fact>
      )}
      {shownLinks.length > 0 && (
        <Fact title="Links">
          {shownLinks.map(({ title, href }) => (
            <a
              key={`${title} ${href}`}
              href={href}
              target="_blank"
              rel="noopener noreferrer"
              className={styles["out"]}
            >
              {title} <ExternalLink aria-hidden="true" />
            </a>
          ))}
        </Fact>
      )}
      <Texts title="Labels" values={objectAt(live ?? undefined, "metadata", "labels")} />
      <Texts title="Annotations" values={objectAt(live ?? undefined, "metadata", "annotations")} />
      {textAt(live ?? undefined, "metadata", "deletionTimestamp") !== undefined && (
        <Fact title="Being deleted">
          <Ago time={textAt(live ?? undefined, "metadata", "deletionTimestamp")} />
        </Fact>
      )}
    </dl>
  );
}

function Fact({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <div className={styles["fact"]}>
      <dt>{title}</dt>
      <dd>{children}</dd>
    </div>
  );
}

interface TextsProps {
  readonly title: string;
  readonly values: ReturnType<typeof objectAt>;
}

/** Longer ones are read in the manifest. */
const maxText = 200;

function Texts({ title, values }: TextsProps) {
  const entries = Object.entries(values).filter(
    ([name]) => name !== "kubectl.kubernetes.io/last-applied-configuration",
  );
  if (entries.length === 0) return null;
  return (
    <Fact title={title}>
      <ul className={styles["texts"]}>
        {entries.map(([name, value]) => {
          const text = typeof value === "string" ? value : JSON.stringify(value);
          return (
            <li key={name} className="mono">
              <span className="muted">{name}:</span>{" "}
              {text.length > maxText ? `${text.slice(0, maxText)}…` : text}
            </li>
          );
        })}
      </ul>
    </Fact>
  );
}

function targetsOf(
  refs: Parameters<typeof formatKey>[0][] | readonly Parameters<typeof formatKey>[0][] | undefined,
) {
  return (refs ?? []).map((ref) => formatKey(ref));
}

function titleOf(key: string): string {
  const name = parseKey(key);
  return name === undefined ? key : `${name.kind} ${name.name}`;
}
