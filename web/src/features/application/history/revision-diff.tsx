import { useQuery } from "@tanstack/react-query";
import { Equal } from "lucide-react";
import { useMemo } from "react";
import { formatCount } from "../../../lib/format.ts";
import { Failure, Skeleton, State } from "../../common/states.tsx";
import { toYaml } from "../../common/yaml/to-yaml.ts";
import { YamlDiff } from "../../common/yaml/yaml-diff.tsx";
import type { Application } from "../application-query.ts";
import { manifestsQuery } from "../queries.ts";
import { compareManifests } from "./compare-manifests.ts";
import styles from "./history.module.css";

interface RevisionDiffProps {
  readonly app: Application;
  /** By source. */
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/** What two revisions render to, side by side, object by object. */
export function RevisionDiff({ app, before, after }: RevisionDiffProps) {
  const old = useQuery(manifestsQuery(app, before));
  const next = useQuery(manifestsQuery(app, after));
  const compared = useMemo(
    () =>
      old.data === undefined || next.data === undefined
        ? undefined
        : compareManifests(old.data.manifests ?? [], next.data.manifests ?? []),
    [old.data, next.data],
  );
  const error = old.error ?? next.error;
  if (compared === undefined)
    return error === null ? (
      <Skeleton lines={8} label="Rendering both revisions" />
    ) : (
      <Failure
        error={error}
        onRetry={() => {
          void old.refetch();
          void next.refetch();
        }}
      />
    );
  const different = compared.filter(({ became }) => became !== "same");
  const same = compared.length - different.length;
  if (different.length === 0)
    return (
      <State icon={<Equal />} title="They render to the same">
        {formatCount(same, "object")}, and nothing differs.
      </State>
    );
  return (
    <div className={styles["objects"]}>
      {different.map(({ key, title, became, before: a, after: b }) => (
        <section key={key} className={styles["object"]}>
          <h3>
            <span className={`${styles["became"]} ${styles[became] ?? ""}`}>{became}</span>
            {title}
          </h3>
          <YamlDiff
            before={a === undefined ? "" : toYaml(a)}
            after={b === undefined ? "" : toYaml(b)}
            label={`What differs in ${title}`}
          />
        </section>
      ))}
      {same > 0 && <p className="muted">{formatCount(same, "object")} did not change.</p>}
    </div>
  );
}
