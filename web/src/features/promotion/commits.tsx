import { formatRevision } from "../../lib/format.ts";
import { commitAddress } from "../../lib/commit-address.ts";
import { Card } from "../common/page.tsx";
import { Ago } from "../common/time.tsx";
import type { Pipeline, Promotion } from "../pipelines/pipeline.ts";
import styles from "./lists.module.css";

interface CommitsProps {
  readonly promotion: Promotion;
  readonly pipeline: Pipeline | undefined;
}

/** What a promotion brings, newest first. */
export function Commits({ promotion: { spec, status }, pipeline }: CommitsProps) {
  const commits = status.commits ?? [];
  const title = spec.kind === "Rollback" ? "Commits it takes back" : "Commits it brings";
  return (
    <Card title={title}>
      {commits.length === 0 ? (
        <p className={styles["none"]}>None are known.</p>
      ) : (
        <ol className={styles["list"]} aria-label={title}>
          {commits.map(({ commit, author, email, subject, at }) => {
            const address = commitAddress(pipeline?.spec.repoURL ?? "", commit, pipeline?.spec.forge?.kind);
            const id = <code title={commit}>{formatRevision(commit)}</code>;
            return (
              <li key={commit}>
                <p>
                  {address === undefined ? (
                    id
                  ) : (
                    <a href={address} target="_blank" rel="noreferrer">
                      {id}
                    </a>
                  )}{" "}
                  {subject}
                </p>
                <p className={styles["side"]}>
                  <span title={email}>{author}</span> <Ago time={at} />
                </p>
              </li>
            );
          })}
        </ol>
      )}
    </Card>
  );
}
