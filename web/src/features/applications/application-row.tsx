import { Link } from "@tanstack/react-router";
import { Star } from "lucide-react";
import { memo } from "react";
import { Ago } from "../common/time.tsx";
import { Status } from "../common/status.tsx";
import {
  activityOf,
  clusterOf,
  formatCluster,
  formatSource,
  isAutomated,
  lastChangeOf,
  revisionOf,
  sourcesOf,
} from "./describe-application.ts";
import { useFavourites } from "./favourites.ts";
import type { Application } from "./list-query.ts";
import { keyOf } from "./list-query.ts";
import styles from "./application-row.module.css";

export interface ItemProps {
  readonly app: Application;
  readonly isSelected: boolean;
  /** The same at every time: a row is not drawn anew for another. */
  readonly onToggle: (key: string) => void;
}

export const ApplicationRow = memo(({ app, isSelected, onToggle }: ItemProps) => {
  const { metadata, spec, status } = app;
  const { name = "", namespace = "" } = metadata ?? {};
  const [source] = sourcesOf(app);
  const activity = activityOf(app);
  const more = sourcesOf(app).length - 1;
  return (
    <div role="listitem" className={styles["row"]} data-selected={isSelected || undefined}>
      <input
        type="checkbox"
        aria-label={`Select ${name}`}
        checked={isSelected}
        onChange={() => onToggle(keyOf(app))}
      />
      <FavouriteButton name={keyOf(app)} />
      <div className={styles["name"]}>
        <Link
          to="/applications/$namespace/$name"
          params={{ namespace, name }}
          data-app={keyOf(app)}
          className={styles["link"]}
        >
          {name}
        </Link>
        <span className={`muted truncate ${styles["small"]}`}>{spec?.project}</span>
      </div>
      <div className={styles["state"]}>
        <Status of="health" status={status?.health?.status} message={status?.health?.message} />
        <Status of="sync" status={status?.sync?.status} />
      </div>
      <div className={styles["source"]}>
        <span className="truncate" title={source?.repoURL}>
          {source === undefined ? "" : formatSource(source)}
          {more > 0 && ` +${more}`}
        </span>
        <span className={`muted truncate ${styles["small"]}`}>
          {source?.targetRevision === undefined || source.targetRevision === ""
            ? "HEAD"
            : source.targetRevision}
          {revisionOf(app) !== "" && ` at ${revisionOf(app)}`}
        </span>
      </div>
      <div className={styles["target"]}>
        <span className="truncate">{formatCluster(clusterOf(app))}</span>
        <span className={`muted truncate ${styles["small"]}`}>{spec?.destination?.namespace}</span>
      </div>
      <div className={styles["when"]}>
        <span className="truncate">{activity ?? <Ago time={lastChangeOf(app)} />}</span>
        <span className={`muted truncate ${styles["small"]}`}>
          {isAutomated(app) ? "by itself" : "by hand"}
        </span>
      </div>
    </div>
  );
});
ApplicationRow.displayName = "ApplicationRow";

export function FavouriteButton({ name }: { readonly name: string }) {
  const [favourites, toggle] = useFavourites();
  const isFavourite = favourites.has(name);
  return (
    <button
      type="button"
      className={styles["star"]}
      aria-pressed={isFavourite}
      aria-label={`Favourite: ${name}`}
      onClick={() => toggle(name)}
    >
      <Star aria-hidden="true" />
    </button>
  );
}
