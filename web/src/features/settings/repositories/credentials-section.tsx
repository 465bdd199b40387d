import { useQuery, useQueryClient } from "@tanstack/react-query";
import { KeyRound, Pencil, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { call } from "../../../lib/api/index.ts";
import { State } from "../../common/states.tsx";
import { AskDialog } from "../parts/ask-dialog.tsx";
import type { Column } from "../parts/data-table.tsx";
import { isFound } from "../parts/find-in.ts";
import { GuardedButton } from "../parts/guarded-button.tsx";
import { Listing } from "../parts/listing.tsx";
import { RowMenu } from "../parts/row-menu.tsx";
import { FindBox } from "../parts/settings-frame.tsx";
import { UsedBy } from "../parts/used-by.tsx";
import type { Credentials, Purpose } from "../queries.ts";
import { credentialsQuery } from "../queries.ts";
import { CredentialsDialog } from "./credentials-dialog.tsx";
import styles from "./repositories.module.css";
import { usersOfTemplate } from "./uses.ts";

type Doing = { readonly what: "add" } | { readonly what: "change" | "remove"; readonly of: Credentials };

/** Credentials that stand for every repository whose address begins alike. */
export function CredentialsSection({ purpose }: { readonly purpose: Purpose }) {
  const query = useQuery(credentialsQuery(purpose));
  const [text, setText] = useState("");
  const [doing, setDoing] = useState<Doing>();
  const resource = purpose === "read" ? "repositories" : "write-repositories";
  const rows = (query.data ?? []).filter(({ url, username, type }) => isFound(text, [url, username, type]));
  const columns: readonly Column<Credentials>[] = [
    { name: "Addresses that begin with", cell: ({ url = "" }) => url },
    { name: "Credentials", cell: (of) => describe(of) },
    {
      name: "Actions",
      look: "end",
      cell: (of) => (
        <RowMenu
          name={of.url ?? ""}
          actions={[
            {
              label: "Change…",
              icon: <Pencil />,
              wants: [resource, "update", of.url ?? ""],
              onSelect: () => setDoing({ what: "change", of }),
            },
            {
              label: "Remove…",
              icon: <Trash2 />,
              isDanger: true,
              wants: [resource, "delete", of.url ?? ""],
              onSelect: () => setDoing({ what: "remove", of }),
            },
          ]}
        />
      ),
    },
  ];
  const close = (): void => setDoing(undefined);
  return (
    <section className={styles["section"]} aria-label="Credential templates">
      <div className={styles["head"]}>
        <div>
          <h2>Credential templates</h2>
          <p className="muted">
            Credentials for every repository whose address begins alike. The longest beginning counts.
          </p>
        </div>
        <GuardedButton
          icon={<Plus />}
          wants={[resource, "create", "*"]}
          onClick={() => setDoing({ what: "add" })}
        >
          Add a template
        </GuardedButton>
      </div>
      {(query.data ?? []).length > 5 && <FindBox what="templates" text={text} onChange={setText} />}
      <Listing
        query={query}
        what="templates"
        columns={columns}
        rows={rows}
        keyOf={({ url = "" }) => url}
        isNarrowed={text !== ""}
        onClear={() => setText("")}
        empty={
          <State icon={<KeyRound />} title="No templates">
            With one, a new repository of your organization needs no credentials of its own.
          </State>
        }
      />
      {doing?.what === "add" && <CredentialsDialog purpose={purpose} onClose={close} />}
      {doing?.what === "change" && <CredentialsDialog purpose={purpose} before={doing.of} onClose={close} />}
      {doing?.what === "remove" && <RemoveTemplate purpose={purpose} template={doing.of} onClose={close} />}
    </section>
  );
}

/** What is known of credentials that are never shown. */
function describe({
  username = "",
  githubAppID,
  useAzureWorkloadIdentity,
  azureServicePrincipalClientId = "",
}: Credentials): string {
  if (username !== "") return `User ${username}`;
  if (githubAppID !== undefined) return `GitHub App ${githubAppID}`;
  if (useAzureWorkloadIdentity === true) return "Azure workload identity";
  if (azureServicePrincipalClientId !== "") return `Azure principal ${azureServicePrincipalClientId}`;
  return "A key or token";
}

interface RemoveTemplateProps {
  readonly purpose: Purpose;
  readonly template: Credentials;
  readonly onClose: () => void;
}

function RemoveTemplate({ purpose, template: { url = "" }, onClose }: RemoveTemplateProps) {
  const queryClient = useQueryClient();
  const remove = async (): Promise<void> => {
    await (purpose === "read"
      ? call("repoCreds.deleteRepositoryCredentials", { url })
      : call("repoCreds.deleteWriteRepositoryCredentials", { url }));
    await queryClient.invalidateQueries({ queryKey: ["credentials", purpose] });
  };
  return (
    <AskDialog
      title="Remove this template?"
      doIt="Remove"
      act={remove}
      done="The template was removed."
      onClose={onClose}
    >
      <p>
        The credentials for <strong>{url}</strong> are forgotten here.
      </p>
      <UsedBy
        find={(apps) => usersOfTemplate(url, apps)}
        harm="Those whose repositories have no credentials of their own see no new commits any more."
      />
    </AskDialog>
  );
}
