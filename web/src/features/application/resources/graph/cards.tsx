import type { Node, NodeProps } from "@xyflow/react";
import { Check, ChevronDown, ChevronRight } from "lucide-react";
import { createContext, memo, use, useEffect, useRef } from "react";
import type { ReactNode } from "react";
import { formatAgo, formatCount, formatExact } from "../../../../lib/format.ts";
import { Status } from "../../../common/status.tsx";
import { useNow } from "../../../common/time.tsx";
import styles from "./cards.module.css";
import type { GraphNode, GroupNode, ResourceNode } from "./graph.ts";
import { healthCounts } from "./graph.ts";
import { KindIcon } from "./kind-icon.tsx";
import { Marks, marksOf } from "./marks.tsx";

export interface GraphActions {
  /** What the root is called, with its state. */
  readonly root: {
    readonly name: string;
    readonly health: string | undefined;
    readonly sync: string | undefined;
  };
  readonly onOpen: (node: GraphNode) => void;
  readonly onToggle: (node: GraphNode) => void;
  readonly onFocus: (id: string) => void;
  /** True while the focus follows the keys, so that a node takes it when it appears. */
  readonly takesFocus: { current: boolean };
}

export const GraphContext = createContext<GraphActions | undefined>(undefined);

export type CardNode = Node<{ readonly node: GraphNode; readonly isActive: boolean }, "card">;

function useActions(): GraphActions {
  const actions = use(GraphContext);
  if (actions === undefined) throw new Error("a card stands in no graph");
  return actions;
}

/** A node of the graph. It is drawn again only when what it shows has changed. */
export const Card = memo(({ data: { node, isActive } }: NodeProps<CardNode>) => (
  <Content node={node} isActive={isActive} />
));
Card.displayName = "Card";

function Content({ node, isActive }: { readonly node: GraphNode; readonly isActive: boolean }) {
  const { root } = useActions();
  switch (node.look) {
    case "resource":
      return <ResourceCard node={node} isActive={isActive} />;
    case "group":
      return <GroupCard node={node} isActive={isActive} />;
    case "root":
      return (
        <CardButton node={node} isActive={isActive} label={`Application ${root.name}`} kind="Application">
          <span className={styles["name"]}>{root.name}</span>
          <span className={styles["line"]}>
            <Status of="health" status={root.health} />
            <Status of="sync" status={root.sync} />
          </span>
        </CardButton>
      );
    case "outside":
      return (
        <CardButton node={node} isActive={isActive} label="Outside of the cluster" kind="Outside">
          <span className={styles["name"]}>Outside</span>
          <span className={styles["line"]}>of the cluster</span>
        </CardButton>
      );
  }
}

function ResourceCard({ node, isActive }: { readonly node: ResourceNode; readonly isActive: boolean }) {
  const { resource, below, isOpen, isDim } = node;
  const { kind, name, health, healthMessage, sync, createdAt } = resource;
  const label = [kind, name, health, sync === "OutOfSync" ? "out of sync" : sync, ...marksOf(resource)]
    .filter((part) => part !== undefined)
    .join(", ");
  return (
    <CardButton
      node={node}
      isActive={isActive}
      label={label}
      kind={kind}
      isDim={isDim}
      after={
        isOpen !== undefined && (
          <ToggleButton node={node} isOpen={isOpen} label={`${formatCount(below, "resource")} below ${name}`}>
            {isOpen ? undefined : below}
          </ToggleButton>
        )
      }
    >
      <span className={styles["name"]} title={name}>
        {name}
      </span>
      <span className={styles["line"]}>
        {health !== undefined && <Status of="health" status={health} message={healthMessage} look="icon" />}
        <SyncMark sync={sync} />
        <span className={styles["kind"]}>{kind}</span>
        <Marks resource={resource} />
        <Facts node={node} />
        <Age time={createdAt} />
      </span>
    </CardButton>
  );
}

/** Being in sync is no news, and stands beside the sign of health: it has another shape. */
function SyncMark({ sync }: { readonly sync: string | undefined }) {
  if (sync === undefined) return null;
  if (sync !== "Synced") return <Status of="sync" status={sync} look="icon" />;
  return (
    <span className={styles["synced"]} title="Synced">
      <Check aria-hidden="true" />
      <span className="visually-hidden">Synced</span>
    </span>
  );
}

/** How old it is, in as few letters as there are. */
function Age({ time }: { readonly time: string | undefined }) {
  const now = useNow();
  if (time === undefined) return null;
  return (
    <time dateTime={time} title={formatExact(time)} className={styles["age"]}>
      {formatAgo(time, now).replace(" ago", "")}
    </time>
  );
}

/** What a Pod or a ReplicaSet is known by. */
function Facts({ node: { resource } }: { readonly node: ResourceNode }) {
  const { info } = resource;
  const shown = [info["Containers"], info["Revision"]?.replace("Rev:", "rev ")].filter(
    (one) => one !== undefined,
  );
  return shown.length === 0 ? null : <span>{shown.join(" ")}</span>;
}

function GroupCard({ node, isActive }: { readonly node: GroupNode; readonly isActive: boolean }) {
  const { title, kind, members, isOpen } = node;
  const counts = healthCounts(members);
  const outOfSync = members.filter(({ sync }) => sync === "OutOfSync").length;
  const words = [title, ...counts.map(([health, count]) => `${count} ${health}`)].join(", ");
  return (
    <CardButton
      node={node}
      isActive={isActive}
      label={words}
      kind={kind}
      isStacked={!isOpen}
      isExpanded={isOpen}
      after={
        <span aria-hidden="true" className={styles["toggle"]}>
          {isOpen ? <ChevronDown /> : <ChevronRight />}
        </span>
      }
    >
      <span className={styles["name"]}>{title}</span>
      <span className={styles["line"]}>
        {counts.map(([health, count]) => (
          <span key={health} className={styles["count"]} title={`${count} ${health}`}>
            <Status of="health" status={health} look="icon" />
            {count}
          </span>
        ))}
        {outOfSync > 0 && (
          <span className={styles["count"]} title={`${outOfSync} out of sync`}>
            <Status of="sync" status="OutOfSync" look="icon" />
            {outOfSync}
          </span>
        )}
        {counts.length === 0 && outOfSync === 0 && <span className={styles["kind"]}>{kind}</span>}
      </span>
    </CardButton>
  );
}

interface CardButtonProps {
  readonly node: GraphNode;
  readonly isActive: boolean;
  readonly label: string;
  readonly kind: string;
  readonly isDim?: boolean;
  readonly isStacked?: boolean;
  readonly isExpanded?: boolean;
  readonly after?: ReactNode;
  readonly children: ReactNode;
}

function CardButton({ node, isActive, label, kind, children, after, ...rest }: CardButtonProps) {
  const { isDim = false, isStacked = false, isExpanded } = rest;
  const { onOpen, onFocus, takesFocus } = useActions();
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (isActive && takesFocus.current) button.current?.focus({ preventScroll: true });
  }, [isActive, takesFocus]);
  return (
    <div
      className={`${styles["card"]} ${styles[node.look]}`}
      data-dim={isDim || undefined}
      data-stacked={isStacked || undefined}
      data-active={isActive || undefined}
    >
      <button
        ref={button}
        type="button"
        className={styles["main"]}
        tabIndex={isActive ? 0 : -1}
        aria-label={label}
        aria-expanded={isExpanded}
        data-node={node.id}
        onFocus={() => onFocus(node.id)}
        onClick={() => onOpen(node)}
      >
        <span className={styles["icon"]}>
          <KindIcon kind={kind} />
        </span>
        <span className={styles["text"]}>{children}</span>
      </button>
      {after}
    </div>
  );
}

interface ToggleButtonProps {
  readonly node: GraphNode;
  readonly isOpen: boolean;
  readonly label: string;
  readonly children: ReactNode;
}

/** Reached by the arrow to the right with the keyboard. */
function ToggleButton({ node, isOpen, label, children }: ToggleButtonProps) {
  const { onToggle } = useActions();
  return (
    <button
      type="button"
      tabIndex={-1}
      className={styles["toggle"]}
      aria-label={`${isOpen ? "Hide" : "Show"} ${label}`}
      aria-expanded={isOpen}
      title={`${isOpen ? "Hide" : "Show"} ${label}`}
      onClick={() => onToggle(node)}
    >
      {children}
      {isOpen ? <ChevronDown aria-hidden="true" /> : <ChevronRight aria-hidden="true" />}
    </button>
  );
}
