import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { actionsOf, projectResources } from "../../../lib/shared.ts";
import { FormDialog } from "../parts/form-dialog.tsx";
import { LongTextField, TextField } from "../parts/inputs.tsx";
import { ListField, RowsField } from "../parts/rows-field.tsx";
import type { Project } from "../queries.ts";
import { usersQuery } from "../queries.ts";
import { formatPolicy, policyProblem, readPolicies } from "./policy-lines.ts";
import type { Role } from "./roles-tab.tsx";
import { useUpdateProject } from "./use-update-project.ts";

interface RoleDialogProps {
  readonly project: Project;
  readonly before?: Role | undefined;
  readonly onClose: () => void;
}

const allActions = [...new Set(projectResources.flatMap((resource) => actionsOf(resource))), "*"];
const maxSuggestions = 200;

/** Makes a role, or changes one. */
export function RoleDialog({ project, before, onClose }: RoleDialogProps) {
  const projectName = project.metadata?.name ?? "";
  const [name, setName] = useState(before?.name ?? "");
  const [description, setDescription] = useState(before?.description ?? "");
  const [groups, setGroups] = useState(before?.groups ?? []);
  const known = readPolicies(before?.policies ?? [], { project: projectName, role: before?.name ?? "" });
  const [rows, setRows] = useState(known.rows);
  const [others, setOthers] = useState(known.others.join("\n"));
  const { data: apps = [] } = useQuery(usersQuery);
  const update = useUpdateProject();
  const objects = apps
    .filter(({ spec }) => (spec?.project ?? "default") === projectName)
    .map(({ metadata }) => `${projectName}/${metadata?.name ?? ""}`);
  const roles = project.spec?.roles ?? [];
  const isTaken = roles.some((role) => role !== before && role.name === name);
  const problem = !/^[A-Za-z0-9](?:[A-Za-z0-9_-]*[A-Za-z0-9])?$/u.test(name)
    ? "A role's name has letters, digits, - and _."
    : isTaken
      ? `There is a role ${name} already.`
      : policyProblem(rows, projectName);
  const save = async (): Promise<void> => {
    const lines = [
      ...rows.map((row) => formatPolicy(row, { project: projectName, role: name })),
      ...others.split("\n").filter((line) => line.trim() !== ""),
    ];
    const role: Role = {
      ...before,
      name,
      description: description.trim(),
      policies: lines,
      groups: groups.map((group) => group.trim()).filter((group) => group !== ""),
    };
    const changed =
      before === undefined ? [...roles, role] : roles.map((one) => (one === before ? role : one));
    await update({ ...project, spec: { ...project.spec, roles: changed } });
  };
  return (
    <FormDialog
      title={before === undefined ? "New role" : `Change the role ${before.name ?? ""}`}
      look="wide"
      doIt={before === undefined ? "Create" : "Save"}
      problem={problem}
      act={save}
      done={before === undefined ? "The role was made." : "The role was changed."}
      onClose={onClose}
    >
      <TextField
        label="Name"
        value={name}
        onChange={setName}
        isRequired
        // Its lines and tokens name it.
        isDisabled={before !== undefined}
        error={name === "" || problem === undefined || rows.length > 0 ? undefined : problem}
      />
      <TextField label="What it is for" value={description} onChange={setDescription} />
      <ListField
        label="Groups"
        one="group"
        hint="Of the single sign-on. Who is in one of them has the role."
        values={groups}
        onChange={setGroups}
      />
      <RowsField
        label="Permissions"
        one="permission"
        hint={`What the role may, or with deny may not. Objects begin with ${projectName}/, with * for any text.`}
        none="None: it may see the project, and nothing more."
        fresh={{ resource: "applications", action: "get", object: `${projectName}/*`, effect: "allow" }}
        columns={[
          { key: "resource", label: "Resource", options: [...projectResources, "*"] },
          { key: "action", label: "Action", suggestions: allActions },
          {
            key: "object",
            label: "Object",
            suggestions: [`${projectName}/*`, ...objects.slice(0, maxSuggestions)],
          },
          { key: "effect", label: "Effect", options: ["allow", "deny"] },
        ]}
        rows={rows.map((row) => ({ ...row }))}
        onChange={(next) =>
          setRows(
            next.map(({ resource = "", action = "", object = "", effect = "" }) => ({
              resource,
              action,
              object,
              effect: effect.trim() === "deny" ? "deny" : "allow",
            })),
          )
        }
      />
      {known.others.length > 0 && (
        <LongTextField
          label="Other lines"
          value={others}
          onChange={setOthers}
          rows={4}
          hint="Lines of a form of their own, kept as they are written."
        />
      )}
    </FormDialog>
  );
}
