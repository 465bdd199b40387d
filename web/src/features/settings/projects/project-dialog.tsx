import { useState } from "react";
import { FormDialog } from "../parts/form-dialog.tsx";
import { TextField } from "../parts/inputs.tsx";
import { RowsField } from "../parts/rows-field.tsx";
import type { Project } from "../queries.ts";
import { KindsFields, PlacesFields, SignaturesFields } from "./project-fields.tsx";
import type { ProjectForm } from "./project-form.ts";
import { changedProject, projectFormOf, projectProblem } from "./project-form.ts";
import styles from "./projects.module.css";
import { useUpdateProject } from "./use-update-project.ts";

interface ProjectDialogProps {
  readonly before: Project;
  readonly onClose: () => void;
}

/** Changes what a project permits. */
export function ProjectDialog({ before, onClose }: ProjectDialogProps) {
  const [form, setForm] = useState(projectFormOf(before));
  const update = useUpdateProject();
  const set = (change: Partial<ProjectForm>): void => setForm({ ...form, ...change });
  return (
    <FormDialog
      title={`Change ${before.metadata?.name ?? ""}`}
      look="panel"
      doIt="Save"
      problem={projectProblem(form)}
      act={() => update(changedProject(before, form))}
      done="The project was changed."
      onClose={onClose}
    >
      <TextField
        label="Description"
        value={form.description}
        onChange={(description) => set({ description })}
      />
      <PlacesFields form={form} set={set} />
      <KindsFields form={form} set={set} />
      <SignaturesFields form={form} set={set} />
      <div className={styles["group"]}>
        <h3>The project itself</h3>
        <RowsField
          label="Labels"
          one="label"
          hint="By which global projects choose the projects that they add to."
          columns={[
            { key: "key", label: "Name" },
            { key: "value", label: "Value" },
          ]}
          rows={form.labels}
          onChange={(labels) => set({ labels })}
        />
      </div>
    </FormDialog>
  );
}
