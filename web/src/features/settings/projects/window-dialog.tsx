import { useState } from "react";
import type { WindowSpec } from "../../../lib/shared.ts";
import { windowProblems, windowState } from "../../../lib/shared.ts";
import { formatExact } from "../../../lib/format.ts";
import { Checkbox } from "../../common/field.tsx";
import { useNow } from "../../common/time.tsx";
import { FormDialog } from "../parts/form-dialog.tsx";
import { Choices, TextField } from "../parts/inputs.tsx";
import { ListField } from "../parts/rows-field.tsx";
import type { Project } from "../queries.ts";
import { useUpdateProject } from "./use-update-project.ts";
import { trimmedWindow, windowFieldProblem } from "./window-form.ts";

interface WindowDialogProps {
  readonly project: Project;
  /** Which of the project's windows is changed; a new one is made without it. */
  readonly index?: number;
  readonly onClose: () => void;
}

const fresh: WindowSpec = {
  kind: "deny",
  schedule: "0 22 * * *",
  duration: "8h",
  applications: ["*"],
};

const zones = Intl.supportedValuesOf("timeZone");

/** Makes a sync window, or changes one, and says when it will be open. */
export function WindowDialog({ project, index, onClose }: WindowDialogProps) {
  const windows = (project.spec?.syncWindows ?? []) as readonly WindowSpec[];
  const [window, setWindow] = useState((index === undefined ? undefined : windows[index]) ?? fresh);
  const update = useUpdateProject();
  const spec = trimmedWindow(window);
  const problems = windowProblems([spec]);
  const errorOf = (field: string) => windowFieldProblem(problems, field);
  const isForNothing = [spec.applications, spec.namespaces, spec.clusters].every(
    (list) => (list ?? []).length === 0,
  );
  const problem =
    problems[0]?.message.replace("spec.syncWindows[0].", "") ??
    (isForNothing ? "Say for which applications, namespaces or clusters it is." : undefined);
  const save = (): Promise<void> => {
    const syncWindows =
      index === undefined ? [...windows, spec] : windows.map((one, i) => (i === index ? spec : one));
    return update({ ...project, spec: { ...project.spec, syncWindows } });
  };
  const set = (change: WindowSpec): void => setWindow({ ...window, ...change });
  return (
    <FormDialog
      title={index === undefined ? "New sync window" : "Change the sync window"}
      doIt={index === undefined ? "Create" : "Save"}
      problem={problem}
      act={save}
      done={index === undefined ? "The window was made." : "The window was changed."}
      onClose={onClose}
    >
      <Choices
        label="While it is open, applications are"
        value={window.kind ?? ""}
        onChange={(kind) => set({ kind })}
        options={[
          ["allow", "synced, and at no other time (allow)"],
          ["deny", "not synced (deny)"],
        ]}
      />
      <TextField
        label="Opens"
        value={window.schedule ?? ""}
        onChange={(schedule) => set({ schedule })}
        isRequired
        placeholder="0 22 * * *"
        error={errorOf("schedule")}
        hint="As cron has it: minute, hour, day of month, month, weekday."
      />
      <TextField
        label="For"
        value={window.duration ?? ""}
        onChange={(duration) => set({ duration })}
        isRequired
        placeholder="8h"
        error={errorOf("duration")}
        hint="Such as 30m, 8h or 8h30m."
      />
      <TextField
        label="By the clocks of"
        value={window.timeZone ?? ""}
        onChange={(timeZone) => set({ timeZone })}
        placeholder="UTC"
        suggestions={zones}
        error={errorOf("timeZone")}
        hint="A time zone such as Europe/Berlin. UTC when left empty."
      />
      <WhenNext spec={spec} />
      <ListField
        label="Applications"
        one="application"
        hint="By name, with * for any text."
        values={window.applications ?? []}
        onChange={(applications) => set({ applications })}
        error={errorOf("applications")}
      />
      <ListField
        label="Namespaces"
        one="namespace"
        values={window.namespaces ?? []}
        onChange={(namespaces) => set({ namespaces })}
        error={errorOf("namespaces")}
      />
      <ListField
        label="Clusters"
        one="cluster"
        values={window.clusters ?? []}
        onChange={(clusters) => set({ clusters })}
        error={errorOf("clusters")}
      />
      <Checkbox
        label="Only where all of these fit"
        hint="Otherwise one of application, namespace and cluster is enough."
        isChecked={window.andOperator === true}
        onChange={(andOperator) => set({ andOperator })}
      />
      <Checkbox
        label="People may sync all the same"
        isChecked={window.manualSync === true}
        onChange={(manualSync) => set({ manualSync })}
      />
      <Checkbox
        label="What runs when the window turns may go on to its end"
        isChecked={window.syncOverrun === true}
        onChange={(syncOverrun) => set({ syncOverrun })}
      />
      <TextField
        label="Description"
        value={window.description ?? ""}
        onChange={(description) => set({ description })}
      />
    </FormDialog>
  );
}

/** What a schedule means, for whoever does not read cron every day. */
function WhenNext({ spec }: { readonly spec: WindowSpec }) {
  const state = windowState(spec, useNow());
  if (state === undefined) return null;
  const turns = state.turnsMs === undefined ? undefined : formatExact(state.turnsMs);
  return (
    <p role="status" className="muted">
      {state.isOpen ? "It would be open now" : "It would be closed now"}
      {turns === undefined ? "." : `, and ${state.isOpen ? "close" : "open"} on ${turns}.`}
    </p>
  );
}
