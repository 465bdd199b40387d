import { useQuery } from "@tanstack/react-query";
import { GitBranch } from "lucide-react";
import { useMemo } from "react";
import { Failure, Skeleton, State } from "../../common/states.tsx";
import { managedQuery } from "../resource-queries.ts";
import type { TabProps } from "../tabs.tsx";
import { CopyButton } from "./manifest-tab.tsx";
import styles from "./manifest-tab.module.css";
import { manifestText } from "./manifest-text.ts";
import { EditorCore } from "../../common/yaml/editor-core.tsx";

/** What Git says. */
export function DesiredTab({ app, resource }: TabProps) {
  const { data, error, refetch } = useQuery(managedQuery({ app, resource }));
  const desired = data?.desired;
  const text = useMemo(() => (desired === undefined ? "" : manifestText(desired, true)), [desired]);
  if (data === undefined)
    return error === null ? (
      <Skeleton lines={10} />
    ) : (
      <Failure error={error} onRetry={() => void refetch()} />
    );
  if (desired === undefined)
    return (
      <State icon={<GitBranch />} title="Git does not name it any more">
        A sync with pruning deletes it from the cluster.
      </State>
    );
  return (
    <>
      <div className={styles["tools"]}>
        <span className="muted">As it is rendered from the source</span>
        <CopyButton text={text} />
      </div>
      <EditorCore label={`Desired manifest of ${resource.name}`} value={text} isTall isReadOnly />
    </>
  );
}
