import { useQuery } from "@tanstack/react-query";
import { SearchX } from "lucide-react";
import { Tabs } from "radix-ui";
import { useMemo } from "react";
import { Dialog } from "../common/dialog.tsx";
import { Failure, Skeleton, State } from "../common/states.tsx";
import { Status } from "../common/status.tsx";
import type { Application } from "../application/application-query.ts";
import type { Resource } from "../application/resources/describe-resources.ts";
import { describeResources } from "../application/resources/describe-resources.ts";
import { KindIcon } from "../application/resources/graph/kind-icon.tsx";
import { Marks } from "../application/resources/graph/marks.tsx";
import { treeQuery } from "../application/resources/tree-query.ts";
import { ActionMenu } from "./action-menu.tsx";
import { DeleteButton } from "./delete-button.tsx";
import { podsBelow } from "./below.ts";
import { parseKey } from "./resource-key.ts";
import styles from "./resource-panel.module.css";
import { panelTabs } from "./tabs.tsx";

interface ResourcePanelProps {
  readonly app: Application;
  /** `group/kind/namespace/name`. */
  readonly resourceKey: string;
  readonly tab: string | undefined;
  readonly onTab: (tab: string) => void;
  /** Shows another resource in its place. */
  readonly onOpen: (key: string) => void;
  readonly onClose: () => void;
}

/** One resource: what it is, what it should be, what happens to it. */
export function ResourcePanel({ app, resourceKey, onClose, ...rest }: ResourcePanelProps) {
  const { namespace = "", name = "" } = app.metadata ?? {};
  const { data, error, refetch } = useQuery(treeQuery({ namespace, name }));
  const statuses = app.status?.resources;
  const resources = useMemo(
    () => (data === undefined ? undefined : describeResources(data, statuses ?? [])),
    [data, statuses],
  );
  const resource = resources?.find(({ key }) => key === resourceKey);
  const { kind = "", name: called = resourceKey } = resource ?? parseKey(resourceKey) ?? {};
  return (
    <Dialog
      isOpen
      look="panel"
      onClose={onClose}
      title={
        <span className={styles["title"]}>
          <KindIcon kind={kind} /> {called}
        </span>
      }
      description={resource === undefined ? kind : <Description resource={resource} />}
    >
      {resource !== undefined && resources !== undefined ? (
        <Panel key={resourceKey} app={app} resource={resource} resources={resources} {...rest} />
      ) : error !== null && data === undefined ? (
        <Failure error={error} onRetry={() => void refetch()} />
      ) : resources === undefined ? (
        <Skeleton label={`Loading ${called}`} lines={8} />
      ) : (
        <State icon={<SearchX />} title={`${called} is not there`}>
          It is no part of the application, or not any more.
        </State>
      )}
    </Dialog>
  );
}

function Description({ resource }: { readonly resource: Resource }) {
  const { group, version, kind, namespace, health, healthMessage, sync } = resource;
  return (
    <div className={styles["description"]}>
      <span>
        {kind} <span className="mono">{group === "" ? version : `${group}/${version}`}</span>
        {namespace !== "" && ` in ${namespace}`}
      </span>
      {health !== undefined && <Status of="health" status={health} message={healthMessage} look="badge" />}
      {sync !== undefined && <Status of="sync" status={sync} look="badge" />}
      <Marks resource={resource} />
    </div>
  );
}

interface PanelProps extends Omit<ResourcePanelProps, "resourceKey" | "onClose"> {
  readonly resource: Resource;
  readonly resources: readonly Resource[];
}

function Panel({ app, resource, resources, tab, onTab, onOpen }: PanelProps) {
  const hasPods = podsBelow(resources, resource.key).length > 0;
  const tabs = panelTabs.filter(({ isFor }) => isFor(resource, hasPods));
  const shown = tabs.find(({ id }) => id === tab) ?? tabs[0];
  const part = { app, resource, resources, onOpen };
  return (
    <Tabs.Root className={styles["panel"]} value={shown?.id ?? ""} onValueChange={onTab}>
      <div className={styles["bar"]}>
        <Tabs.List aria-label="Parts" className={styles["tabs"]}>
          {tabs.map(({ id, title }) => (
            <Tabs.Trigger key={id} value={id} className={styles["tab"]}>
              {title}
            </Tabs.Trigger>
          ))}
        </Tabs.List>
        {resource.isLive && (
          <div className={styles["actions"]}>
            <ActionMenu app={app} resource={resource} />
            <DeleteButton app={app} resource={resource} resources={resources} />
          </div>
        )}
      </div>
      {tabs.map(({ id, Content }) => (
        <Tabs.Content key={id} value={id} className={styles["content"]} tabIndex={-1}>
          <Content {...part} />
        </Tabs.Content>
      ))}
    </Tabs.Root>
  );
}
