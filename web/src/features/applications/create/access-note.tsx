import { useQuery } from "@tanstack/react-query";
import { isForbidden } from "../../../lib/api/index.ts";
import type { Source } from "../../application/source/edit-source.ts";
import { isSameRepository, repositoriesQuery } from "../../application/source/source-queries.ts";
import { useDebounced } from "../../common/use-debounced.ts";
import { accessQuery } from "./create-queries.ts";
import styles from "./create.module.css";

interface AccessNoteProps {
  readonly source: Source;
  /** Why the project does not permit it. */
  readonly refused: string | undefined;
}

/** Whether the repository can be read, as far as that is known before the application exists. */
export function AccessNote({ source, refused }: AccessNoteProps) {
  const { data: repositories } = useQuery(repositoriesQuery);
  const url = useDebounced(source.repoURL ?? "");
  const known = (repositories?.items ?? []).find(({ repo }) => isSameRepository(repo, url));
  const isAsked = repositories !== undefined && known === undefined && looksWhole(url);
  const { error, isFetching, isSuccess } = useQuery({
    ...accessQuery({ url, isChart: source.chart !== undefined }),
    enabled: isAsked,
  });
  return (
    <div role="status" className={styles["note"]}>
      {refused !== undefined && <p className={styles["warning"]}>{refused}</p>}
      {known !== undefined && (
        <p className={known.connectionState?.status === "Failed" ? styles["warning"] : styles["good"]}>
          {known.connectionState?.status === "Failed"
            ? `This repository is registered, and could not be read: ${known.connectionState.message ?? ""}`
            : "This repository is registered."}
        </p>
      )}
      {isAsked && isFetching && <p className="muted">Trying to reach the repository…</p>}
      {isAsked && isSuccess && (
        <p className={styles["good"]}>
          The repository can be read without credentials. Register it in the settings to be offered its paths
          here.
        </p>
      )}
      {isAsked && error !== null && (
        <p className={styles["warning"]}>
          {isForbidden(error)
            ? "Whether it can be reached was not tried: that takes the permission to add repositories."
            : error.message}
        </p>
      )}
    </div>
  );
}

/** Not while somebody is still typing the host. */
function looksWhole(url: string): boolean {
  return /^(?:[a-z+]+:\/\/[^/]+\/.+|[^@/\s]+@[^:\s]+:.+)$/iu.test(url);
}
