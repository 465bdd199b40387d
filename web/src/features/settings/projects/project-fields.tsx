import { useQuery } from "@tanstack/react-query";
import { Checkbox } from "../../common/field.tsx";
import type { RowColumn } from "../parts/rows-field.tsx";
import { ListField, RowsField } from "../parts/rows-field.tsx";
import { clustersQuery, repositoriesQuery, signingKeysQuery } from "../queries.ts";
import type { ListName, ProjectForm } from "./project-form.ts";
import styles from "./projects.module.css";

interface PartProps {
  readonly form: ProjectForm;
  readonly set: (change: Partial<ProjectForm>) => void;
}

const kindColumns: readonly RowColumn[] = [
  { key: "group", label: "Group", placeholder: "group; empty: core" },
  { key: "kind", label: "Kind" },
];
const namedKindColumns = [...kindColumns, { key: "name", label: "Name", placeholder: "name; empty: any" }];

function listProps({ form, set }: PartProps, name: ListName) {
  return {
    rows: form.lists[name],
    onChange: (rows: ProjectForm["labels"]) => set({ lists: { ...form.lists, [name]: rows } }),
  };
}

/** Where applications may come from and go to. */
export function PlacesFields({ form, set }: PartProps) {
  const { data: clusters = [] } = useQuery(clustersQuery);
  const { data: repositories = [] } = useQuery(repositoriesQuery("read"));
  const servers = clusters.map(({ server = "" }) => server);
  const names = clusters.map(({ name = "" }) => name);
  return (
    <div className={styles["group"]}>
      <h3>Where applications may come from and go to</h3>
      <ListField
        label="Source repositories"
        one="repository"
        hint="With * for any text; ! at the beginning forbids."
        none="No repository: nothing can be deployed."
        placeholder="https://github.com/example/*"
        suggestions={["*", ...repositories.map(({ repo = "" }) => repo)]}
        values={form.sourceRepos}
        onChange={(sourceRepos) => set({ sourceRepos })}
      />
      <ListField
        label="Source namespaces"
        one="namespace"
        hint="Where Applications may be besides the control plane's namespace."
        values={form.sourceNamespaces}
        onChange={(sourceNamespaces) => set({ sourceNamespaces })}
      />
      <RowsField
        label="Destinations"
        one="destination"
        hint="A cluster by its server or by its name, and a namespace, with * for any text."
        none="No destination: nothing can be deployed."
        columns={[
          { key: "server", label: "Server", suggestions: ["*", ...servers] },
          { key: "name", label: "Name", placeholder: "or name", suggestions: names },
          { key: "namespace", label: "Namespace" },
        ]}
        {...listProps({ form, set }, "destinations")}
      />
      <Checkbox
        label="Only clusters that belong to the project"
        isChecked={form.permitOnlyProjectScopedClusters}
        onChange={(permitOnlyProjectScopedClusters) => set({ permitOnlyProjectScopedClusters })}
      />
      <RowsField
        label="Service accounts"
        one="service account"
        hint="As whom is deployed to a destination, where impersonation is switched on."
        columns={[
          { key: "server", label: "Server", suggestions: ["*", ...servers] },
          { key: "namespace", label: "Namespace" },
          { key: "defaultServiceAccount", label: "Service account" },
        ]}
        {...listProps({ form, set }, "destinationServiceAccounts")}
      />
    </div>
  );
}

/** What they may deploy. */
export function KindsFields({ form, set }: PartProps) {
  return (
    <div className={styles["group"]}>
      <h3>What they may deploy</h3>
      <RowsField
        label="Cluster-scoped kinds that are allowed"
        one="allowed cluster kind"
        none="None."
        columns={namedKindColumns}
        {...listProps({ form, set }, "clusterResourceWhitelist")}
      />
      <RowsField
        label="Cluster-scoped kinds that are denied"
        one="denied cluster kind"
        columns={namedKindColumns}
        {...listProps({ form, set }, "clusterResourceBlacklist")}
      />
      <RowsField
        label="Kinds in namespaces that are allowed"
        one="allowed kind"
        none="All that are not denied."
        columns={kindColumns}
        {...listProps({ form, set }, "namespaceResourceWhitelist")}
      />
      <RowsField
        label="Kinds in namespaces that are denied"
        one="denied kind"
        columns={kindColumns}
        {...listProps({ form, set }, "namespaceResourceBlacklist")}
      />
    </div>
  );
}

/** Which signatures are asked for, and what is done about orphans. */
export function SignaturesFields({ form, set }: PartProps) {
  const { data: keys = [] } = useQuery({ ...signingKeysQuery, retry: false });
  return (
    <div className={styles["group"]}>
      <h3>Signatures and orphans</h3>
      <RowsField
        label="Signature keys"
        one="key"
        hint="Only commits that one of these has signed are synced. Signature policies say more, and take their place."
        columns={[{ key: "keyID", label: "Key id", suggestions: keys.map(({ keyID = "" }) => keyID) }]}
        {...listProps({ form, set }, "signatureKeys")}
      />
      <RowsField
        label="Signature policies"
        one="policy"
        hint="Repositories and key ids with commas between. Mode: none, head (the commit that is synced) or strict (all since the last one)."
        columns={[
          { key: "repos", label: "Repositories" },
          { key: "mode", label: "Mode", options: ["none", "head", "strict"] },
          { key: "keys", label: "Key ids" },
        ]}
        fresh={{ mode: "head" }}
        rows={form.integrity}
        onChange={(integrity) => set({ integrity })}
      />
      <Checkbox
        label="Look for orphaned resources"
        hint="Objects in the project's namespaces that belong to no application."
        isChecked={form.watchesOrphans}
        onChange={(watchesOrphans) => set({ watchesOrphans })}
      />
      {form.watchesOrphans && (
        <>
          <Checkbox
            label="Warn of them"
            isChecked={form.warnsOfOrphans}
            onChange={(warnsOfOrphans) => set({ warnsOfOrphans })}
          />
          <RowsField
            label="Orphans to ignore"
            one="ignored orphan"
            columns={namedKindColumns}
            rows={form.ignoredOrphans}
            onChange={(ignoredOrphans) => set({ ignoredOrphans })}
          />
        </>
      )}
    </div>
  );
}
