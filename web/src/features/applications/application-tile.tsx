import { Link } from "@tanstack/react-router";
import { memo } from "react";
import { Status, toneOf } from "../common/status.tsx";
import { Ago } from "../common/time.tsx";
import type { ItemProps } from "./application-row.tsx";
import { FavouriteButton } from "./application-row.tsx";
import styles from "./application-tile.module.css";
import {
  activityOf,
  clusterOf,
  formatCluster,
  formatSource,
  lastChangeOf,
  revisionOf,
  sourcesOf,
} from "./describe-application.ts";
import { keyOf } from "./list-query.ts";

export const ApplicationTile = memo(({ app, isSelected, onToggle }: ItemProps) => {
  const { metadata, spec, status } = app;
  const { name = "", namespace = "" } = metadata ?? {};
  const [source] = sourcesOf(app);
  return (
    <article
      role="listitem"
      className={`${styles["tile"]} ${styles[toneOf("health", status?.health?.status)]}`}
      data-selected={isSelected || undefined}
    >
      <header className={styles["head"]}>
        <input
          type="checkbox"
          aria-label={`Select ${name}`}
          checked={isSelected}
          onChange={() => onToggle(keyOf(app))}
        />
        <Link
          to="/applications/$namespace/$name"
          params={{ namespace, name }}
          data-app={keyOf(app)}
          className={styles["link"]}
        >
          {name}
        </Link>
        <FavouriteButton name={keyOf(app)} />
      </header>
      <div className={styles["state"]}>
        <Status of="health" status={status?.health?.status} message={status?.health?.message} />
        <Status of="sync" status={status?.sync?.status} />
      </div>
      <dl className={styles["facts"]}>
        <dt>From</dt>
        <dd title={source?.repoURL}>{source === undefined ? "" : formatSource(source)}</dd>
        <dt>To</dt>
        <dd>
          {formatCluster(clusterOf(app))} / {spec?.destination?.namespace ?? ""}
        </dd>
        <dt>Now</dt>
        <dd>
          {revisionOf(app)} · {activityOf(app) ?? <Ago time={lastChangeOf(app)} />}
        </dd>
      </dl>
    </article>
  );
});
ApplicationTile.displayName = "ApplicationTile";
