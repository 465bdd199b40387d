import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { Boxes, Plus } from "lucide-react";
import { useState } from "react";
import { call } from "../../../lib/api/index.ts";
import { State } from "../../common/states.tsx";
import type { Column } from "../parts/data-table.tsx";
import { Tags } from "../parts/facts.tsx";
import { isFound } from "../parts/find-in.ts";
import { FormDialog } from "../parts/form-dialog.tsx";
import { GuardedButton } from "../parts/guarded-button.tsx";
import { TextField } from "../parts/inputs.tsx";
import { Listing } from "../parts/listing.tsx";
import { FindBox, SettingsFrame } from "../parts/settings-frame.tsx";
import type { Project } from "../queries.ts";
import { projectsQuery } from "../queries.ts";
import styles from "./projects.module.css";

/** How many applications each project has, of those that one may see. */
const countsQuery = {
  queryKey: ["project-counts"],
  queryFn: async ({ signal }: { readonly signal: AbortSignal }) => {
    const asked = { limit: 1, counts: true };
    return (await call("application.list", asked, { signal, fields: "counts" })).counts?.project ?? {};
  },
} as const;

/** What bounds applications: where they may come from and go to. */
export function ProjectsPage() {
  const query = useQuery(projectsQuery);
  const { data: counts = {} } = useQuery(countsQuery);
  const [text, setText] = useState("");
  const [isAdding, setAdding] = useState(false);
  const rows = (query.data ?? []).filter(({ metadata, spec }) => {
    const places = (spec?.destinations ?? []).flatMap((to) => [to.server, to.name, to.namespace]);
    const roles = (spec?.roles ?? []).flatMap(({ name, groups = [] }) => [name, ...groups]);
    return isFound(text, [
      metadata?.name,
      spec?.description,
      ...(spec?.sourceRepos ?? []),
      ...places,
      ...roles,
    ]);
  });
  const columns: readonly Column<Project>[] = [
    {
      name: "Project",
      cell: ({ metadata, spec }) => (
        <>
          <Link to="/settings/projects/$name" params={{ name: metadata?.name ?? "" }}>
            {metadata?.name}
          </Link>
          <div className={styles["second"]}>{spec?.description}</div>
        </>
      ),
    },
    {
      name: "Applications",
      cell: ({ metadata }) => (counts[metadata?.name ?? ""] ?? 0).toLocaleString("en"),
      look: "shrink",
    },
    { name: "Sources", cell: ({ spec }) => <Tags values={spec?.sourceRepos ?? []} none="none" /> },
    {
      name: "Roles",
      cell: ({ spec }) => <Tags values={(spec?.roles ?? []).map(({ name = "" }) => name)} none="none" />,
    },
    {
      name: "Windows",
      cell: ({ spec }) => (spec?.syncWindows ?? []).length.toLocaleString("en"),
      look: "shrink",
    },
  ];
  return (
    <SettingsFrame
      title="Projects"
      count={query.data?.length}
      about="A project says where its applications may come from and go to, who may do what with them, and when they are synced."
      actions={
        <GuardedButton
          look="primary"
          icon={<Plus />}
          wants={["projects", "create", "*"]}
          onClick={() => setAdding(true)}
        >
          New project
        </GuardedButton>
      }
    >
      <FindBox what="projects" text={text} onChange={setText} />
      <Listing
        query={query}
        what="projects"
        columns={columns}
        rows={rows}
        keyOf={({ metadata }) => metadata?.name ?? ""}
        isNarrowed={text !== ""}
        onClear={() => setText("")}
        empty={
          <State icon={<Boxes />} title="No projects">
            You may see none.
          </State>
        }
      />
      {isAdding && <NewProject onClose={() => setAdding(false)} />}
    </SettingsFrame>
  );
}

function NewProject({ onClose }: { readonly onClose: () => void }) {
  const [name, setName] = useState("");
  const [description, setDescription] = useState("");
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const isName = /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/u.test(name);
  const problem = isName ? undefined : "A name has small letters, digits, - and .";
  const create = async (): Promise<void> => {
    const spec = description.trim() === "" ? {} : { description: description.trim() };
    await call("project.create", { project: { metadata: { name }, spec } });
    await queryClient.invalidateQueries({ queryKey: projectsQuery.queryKey });
    await navigate({ to: "/settings/projects/$name", params: { name } });
  };
  return (
    <FormDialog
      title="New project"
      description="It permits nothing until you say which sources and destinations it has."
      doIt="Create"
      problem={problem}
      act={create}
      onClose={onClose}
    >
      <TextField
        label="Name"
        value={name}
        onChange={setName}
        isRequired
        error={name === "" ? undefined : problem}
      />
      <TextField label="Description" value={description} onChange={setDescription} />
    </FormDialog>
  );
}
