import { memo } from "react";
import { formatCount } from "../../../../lib/format.ts";
import { Status } from "../../../common/status.tsx";
import { Ago } from "../../../common/time.tsx";
import type { Resource } from "../describe-resources.ts";
import styles from "./pods-view.module.css";

interface PodTileProps {
  readonly pod: Resource;
  readonly onOpen: (key: string) => void;
}

export const PodTile = memo(({ pod, onOpen }: PodTileProps) => {
  const { key, name, health, healthMessage, info, images, createdAt } = pod;
  const restarts = Number(info["Restart Count"] ?? 0);
  return (
    <button type="button" className={styles["tile"]} onClick={() => onOpen(key)}>
      <span className={styles["pod"]}>
        <Status of="health" status={health} message={healthMessage} look="icon" />
        <span className="truncate" title={name}>
          {name}
        </span>
      </span>
      <span className={styles["facts"]}>
        <span>{info["Status Reason"]}</span>
        <span>{info["Containers"]} ready</span>
        {restarts > 0 && <span className={styles["restarts"]}>{formatCount(restarts, "restart")}</span>}
        <span className={styles["age"]}>
          <Ago time={createdAt} />
        </span>
      </span>
      <span className={`truncate ${styles["images"]}`} title={images.join("\n")}>
        {images.map((image) => image.split("/").at(-1)).join(", ")}
      </span>
    </button>
  );
});
PodTile.displayName = "PodTile";
