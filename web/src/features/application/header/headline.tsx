import { useQuery } from "@tanstack/react-query";
import { useNow } from "../../common/time.tsx";
import type { Application } from "../application-query.ts";
import { commitQuery, windowsQuery } from "../queries.ts";
import styles from "./header.module.css";
import { headlineOf } from "./headline.ts";

/** One sentence: what is true, and what happens next. */
export function Headline({ app }: { readonly app: Application }) {
  const nowMs = useNow();
  const { data: commit } = useQuery(commitQuery(app, app.status?.sync?.revision));
  const { data: windows } = useQuery(windowsQuery(app));
  return <p className={styles["headline"]}>{headlineOf({ app, commit, windows, nowMs })}</p>;
}
