import { memo } from "react";
import { Status } from "../../../common/status.tsx";
import { Ago } from "../../../common/time.tsx";
import type { Resource } from "../describe-resources.ts";
import { KindIcon } from "../graph/kind-icon.tsx";
import { Marks } from "../graph/marks.tsx";
import styles from "./list-view.module.css";

interface ListRowProps {
  readonly resource: Resource;
  readonly index: number;
  readonly start: number;
  readonly isSelected: boolean;
  readonly onToggle: (key: string) => void;
  readonly onOpen: (key: string) => void;
}

export const ListRow = memo(
  ({ resource, index, start, isSelected, onToggle, onOpen }: ListRowProps) => {
    const { key, group, kind, namespace, name, sync, health, healthMessage, isManaged } = resource;
    return (
      <div
        role="row"
        aria-rowindex={index + 2}
        className={styles["row"]}
        data-selected={isSelected || undefined}
        style={{ transform: `translateY(${start}px)` }}
      >
        <span role="cell">
          <input
            type="checkbox"
            aria-label={`Select ${kind} ${name}`}
            title={isManaged ? undefined : "Git does not name it, so that it cannot be synced"}
            disabled={!isManaged}
            checked={isSelected}
            onChange={() => onToggle(key)}
          />
        </span>
        <span role="cell" className={styles["kind"]} title={group === "" ? kind : `${kind} of ${group}`}>
          <KindIcon kind={kind} />
          <span className="truncate">{kind}</span>
        </span>
        <span role="cell" className={styles["name"]}>
          <button
            type="button"
            data-key={key}
            className={`truncate ${styles["open"]}`}
            title={name}
            onClick={() => onOpen(key)}
          >
            {name}
          </button>
          <Marks resource={resource} />
        </span>
        <span role="cell" className={`truncate ${styles["namespace"]}`} title={namespace}>
          {namespace}
        </span>
        <span role="cell" className={styles["sync"]}>
          {sync !== undefined && <Status of="sync" status={sync} />}
        </span>
        <span role="cell" className={styles["health"]}>
          {health !== undefined && <Status of="health" status={health} message={healthMessage} />}
        </span>
        <span role="cell" className={styles["wave"]}>
          {isManaged ? resource.wave : ""}
        </span>
        <span role="cell" className={styles["age"]}>
          <Ago time={resource.createdAt} />
        </span>
        <span role="cell" className={`truncate ${styles["images"]}`} title={resource.images.join("\n")}>
          {resource.images.join(", ")}
        </span>
      </div>
    );
  },
  (before, after) =>
    before.resource === after.resource &&
    before.index === after.index &&
    before.start === after.start &&
    before.isSelected === after.isSelected &&
    before.onOpen === after.onOpen,
);
ListRow.displayName = "ListRow";
