import { Circle, CircleCheck } from "lucide-react";
import { Ago } from "../common/time.tsx";
import type { Promotion } from "../pipelines/pipeline.ts";
import { stepsOf } from "../pipelines/promotion-times.ts";
import styles from "./steps.module.css";

/** From when it was asked for to a healthy stage, with what is still to come. */
export function Steps({ promotion }: { readonly promotion: Promotion }) {
  return (
    <ol className={styles["steps"]} aria-label="What has happened">
      {stepsOf(promotion).map(({ name, at, note }) => (
        <li key={name} className={at === undefined ? styles["open"] : styles["done"]}>
          {at === undefined ? <Circle aria-hidden="true" /> : <CircleCheck aria-hidden="true" />}
          <span>
            <span className={styles["name"]}>{name}</span>
            {note !== "" && <span className={styles["note"]}> {note}</span>}
            <span className={styles["when"]}>{at === undefined ? "not yet" : <Ago time={at} />}</span>
          </span>
        </li>
      ))}
    </ol>
  );
}
