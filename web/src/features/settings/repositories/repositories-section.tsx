import { useQuery, useQueryClient } from "@tanstack/react-query";
import { FolderGit2, Pencil, Plus, RefreshCw, Trash2 } from "lucide-react";
import { useState } from "react";
import { call } from "../../../lib/api/index.ts";
import { IconButton } from "../../common/button.tsx";
import { State } from "../../common/states.tsx";
import { AskDialog } from "../parts/ask-dialog.tsx";
import { Connection } from "../parts/connection.tsx";
import type { Column } from "../parts/data-table.tsx";
import { isFound } from "../parts/find-in.ts";
import { GuardedButton } from "../parts/guarded-button.tsx";
import { Listing } from "../parts/listing.tsx";
import { RowMenu } from "../parts/row-menu.tsx";
import { FindBox } from "../parts/settings-frame.tsx";
import { UsedBy } from "../parts/used-by.tsx";
import type { Purpose, Repository } from "../queries.ts";
import { repositoriesQuery } from "../queries.ts";
import styles from "./repositories.module.css";
import { RepositoryDialog } from "./repository-dialog.tsx";
import { usersOf } from "./uses.ts";
import { kinds } from "./ways.ts";

type Doing = { readonly what: "add" } | { readonly what: "change" | "remove"; readonly of: Repository };

/** The repositories of a purpose. */
export function RepositoriesSection({ purpose }: { readonly purpose: Purpose }) {
  const query = useQuery(repositoriesQuery(purpose));
  const [text, setText] = useState("");
  const [doing, setDoing] = useState<Doing>();
  const resource = purpose === "read" ? "repositories" : "write-repositories";
  const all = query.data ?? [];
  const rows = all.filter(({ repo, name, project, type, connectionState }) =>
    isFound(text, [repo, name, project, type, connectionState?.status, connectionState?.message]),
  );
  const add = (
    <GuardedButton
      look="primary"
      icon={<Plus />}
      wants={[resource, "create", "*"]}
      onClick={() => setDoing({ what: "add" })}
    >
      Add a repository
    </GuardedButton>
  );
  const columns: readonly Column<Repository>[] = [
    {
      name: "Repository",
      cell: ({ repo = "", name = "" }) => (
        <>
          {name === "" ? repo : name}
          {name !== "" && <div className={styles["second"]}>{repo}</div>}
        </>
      ),
    },
    { name: "Kind", cell: kindOf, look: "shrink" },
    {
      name: "Project",
      cell: ({ project = "" }) => (project === "" ? <span className="muted">all</span> : project),
    },
    { name: "Connection", cell: ({ connectionState }) => <Connection state={connectionState} hasTime /> },
    {
      name: "Actions",
      look: "end",
      cell: (of) => (
        <RowMenu
          name={of.repo ?? ""}
          actions={[
            {
              label: "Change…",
              icon: <Pencil />,
              wants: [resource, "update", objectOf(of)],
              onSelect: () => setDoing({ what: "change", of }),
            },
            {
              label: "Remove…",
              icon: <Trash2 />,
              isDanger: true,
              wants: [resource, "delete", objectOf(of)],
              onSelect: () => setDoing({ what: "remove", of }),
            },
          ]}
        />
      ),
    },
  ];
  const close = (): void => setDoing(undefined);
  return (
    <section className={styles["section"]} aria-label="Repositories">
      <div className={styles["head"]}>
        <FindBox what="repositories" text={text} onChange={setText} />
        <div className={styles["tools"]}>
          <IconButton label="Try all again" isBusy={query.isFetching} onClick={() => void query.refetch()}>
            <RefreshCw />
          </IconButton>
          {add}
        </div>
      </div>
      <Listing
        query={query}
        what="repositories"
        columns={columns}
        rows={rows}
        keyOf={({ repo = "", project = "" }) => `${project} ${repo}`}
        isNarrowed={text !== ""}
        onClear={() => setText("")}
        empty={
          <State icon={<FolderGit2 />} title="No repositories">
            {purpose === "read"
              ? "Add those that need credentials, or settings of their own."
              : "Add those that Mooring may write to."}
          </State>
        }
      />
      {doing?.what === "add" && <RepositoryDialog purpose={purpose} onClose={close} />}
      {doing?.what === "change" && <RepositoryDialog purpose={purpose} before={doing.of} onClose={close} />}
      {doing?.what === "remove" && (
        <RemoveRepository purpose={purpose} repository={doing.of} onClose={close} />
      )}
    </section>
  );
}

function objectOf({ repo = "", project = "" }: Repository): string {
  return project === "" ? repo : `${project}/${repo}`;
}

function kindOf({ type = "git", enableOCI = false }: Repository): string {
  const kind = type === "helm" && enableOCI ? "helmOci" : type;
  return kinds.find(([one]) => one === kind)?.[1] ?? kind;
}

interface RemoveRepositoryProps {
  readonly purpose: Purpose;
  readonly repository: Repository;
  readonly onClose: () => void;
}

function RemoveRepository({ purpose, repository, onClose }: RemoveRepositoryProps) {
  const queryClient = useQueryClient();
  const { repo = "", project = "" } = repository;
  const remove = async (): Promise<void> => {
    const request = { repo, appProject: project };
    await (purpose === "read"
      ? call("repository.deleteRepository", request)
      : call("repository.deleteWriteRepository", request));
    await queryClient.invalidateQueries({ queryKey: ["repositories", purpose] });
  };
  return (
    <AskDialog
      title="Remove this repository?"
      doIt="Remove"
      act={remove}
      done="The repository was removed."
      onClose={onClose}
    >
      <p>
        <strong>{repo}</strong> and its credentials are forgotten here. Nothing is deleted from the repository
        itself.
      </p>
      <UsedBy
        find={(apps) => usersOf(repo, project, apps)}
        harm="Without these credentials they see no new commits, unless a template or the public serves them."
      />
    </AskDialog>
  );
}
