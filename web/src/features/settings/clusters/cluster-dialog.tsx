import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { call } from "../../../lib/api/index.ts";
import { Checkbox } from "../../common/field.tsx";
import { FormDialog } from "../parts/form-dialog.tsx";
import { TextField } from "../parts/inputs.tsx";
import { ListField, RowsField } from "../parts/rows-field.tsx";
import type { Cluster } from "../queries.ts";
import { projectsQuery } from "../queries.ts";
import { clusterChange, clusterFormOf, clusterProblem } from "./cluster-form.ts";

interface ClusterDialogProps {
  readonly before: Cluster;
  readonly onClose: () => void;
}

/** Changes what a cluster is for. */
export function ClusterDialog({ before, onClose }: ClusterDialogProps) {
  const [form, setForm] = useState(clusterFormOf(before));
  const { data: projects = [] } = useQuery(projectsQuery);
  const queryClient = useQueryClient();
  const save = async (): Promise<void> => {
    const { cluster, updatedFields } = clusterChange(before, form);
    await call("cluster.update", {
      id: { type: "server", value: before.server ?? "" },
      cluster,
      updatedFields,
    });
    await queryClient.invalidateQueries({ queryKey: ["clusters"] });
  };
  return (
    <FormDialog
      title={`Change ${before.name ?? ""}`}
      doIt="Save"
      problem={clusterProblem(before, form)}
      act={save}
      done="The cluster was changed."
      onClose={onClose}
    >
      <TextField
        label="Name"
        value={form.name}
        isRequired
        hint="Applications may name the cluster by it."
        onChange={(name) => setForm({ ...form, name })}
      />
      <ListField
        label="Namespaces"
        one="namespace"
        none="All namespaces are managed."
        values={form.namespaces}
        onChange={(namespaces) => setForm({ ...form, namespaces })}
      />
      {form.namespaces.length > 0 && (
        <Checkbox
          label="Manage cluster-scoped objects, too"
          isChecked={form.clusterResources}
          onChange={(clusterResources) => setForm({ ...form, clusterResources })}
        />
      )}
      <TextField
        label="Project"
        value={form.project}
        suggestions={projects.map(({ metadata }) => metadata?.name ?? "")}
        hint="Only applications of this project may use it. Empty for all."
        onChange={(project) => setForm({ ...form, project })}
      />
      <TextField
        label="Shard"
        value={form.shard}
        hint="The controller that works on it. Empty: chosen by itself."
        onChange={(shard) => setForm({ ...form, shard })}
      />
      <RowsField
        label="Labels"
        one="label"
        hint="By which ApplicationSets choose clusters."
        columns={[
          { key: "key", label: "Name" },
          { key: "value", label: "Value" },
        ]}
        rows={form.labels}
        onChange={(rows) =>
          setForm({ ...form, labels: rows.map(({ key = "", value = "" }) => ({ key, value })) })
        }
      />
    </FormDialog>
  );
}
