import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, getRouteApi, useNavigate } from "@tanstack/react-router";
import { Pencil, Trash2 } from "lucide-react";
import { useState } from "react";
import { call } from "../../../lib/api/index.ts";
import { Failure, Skeleton } from "../../common/states.tsx";
import { AskDialog } from "../parts/ask-dialog.tsx";
import { GuardedButton } from "../parts/guarded-button.tsx";
import { SettingsFrame } from "../parts/settings-frame.tsx";
import { UsedBy } from "../parts/used-by.tsx";
import type { Project } from "../queries.ts";
import { projectQuery } from "../queries.ts";
import { EventsTab } from "./events-tab.tsx";
import { ProjectDialog } from "./project-dialog.tsx";
import { ProjectSummary } from "./project-summary.tsx";
import styles from "./projects.module.css";
import type { ProjectTab } from "./project-search.ts";
import { projectTabs } from "./project-search.ts";
import { RolesTab } from "./roles-tab.tsx";
import { WindowsTab } from "./windows-tab.tsx";

const route = getRouteApi("/inside/settings/projects/$name");

const tabNames: Readonly<Record<ProjectTab, string>> = {
  summary: "Summary",
  roles: "Roles",
  windows: "Sync windows",
  events: "Events",
};

/** One project with all that it permits. */
export function ProjectPage() {
  const { name } = route.useParams();
  const { tab = "summary" } = route.useSearch();
  const { data: project, error, refetch } = useQuery(projectQuery(name));
  const [doing, setDoing] = useState<"change" | "remove">();
  const close = (): void => setDoing(undefined);
  return (
    <SettingsFrame
      title={name}
      above={<Link to="/settings/projects">Projects</Link>}
      about={project?.spec?.description}
      actions={
        project !== undefined && (
          <>
            <GuardedButton
              icon={<Pencil />}
              wants={["projects", "update", name]}
              onClick={() => setDoing("change")}
            >
              Change…
            </GuardedButton>
            <GuardedButton
              icon={<Trash2 />}
              wants={["projects", "delete", name]}
              disabled={name === "default"}
              title={name === "default" ? "The project default cannot be deleted." : undefined}
              onClick={() => setDoing("remove")}
            >
              Delete…
            </GuardedButton>
          </>
        )
      }
    >
      <nav className={styles["tabs"]} aria-label="Parts of the project">
        {projectTabs.map((one) => (
          <Link
            key={one}
            to="/settings/projects/$name"
            params={{ name }}
            search={one === "summary" ? {} : { tab: one }}
            replace
            className={`${styles["tab"]} ${one === tab ? styles["here"] : ""}`}
            aria-current={one === tab ? "page" : undefined}
          >
            {tabNames[one]}
          </Link>
        ))}
      </nav>
      {project === undefined ? (
        error === null ? (
          <Skeleton lines={8} label="Loading the project" />
        ) : (
          <Failure error={error} onRetry={() => void refetch()} />
        )
      ) : (
        <Part tab={tab} project={project} />
      )}
      {project !== undefined && doing === "change" && <ProjectDialog before={project} onClose={close} />}
      {doing === "remove" && <DeleteProject name={name} onClose={close} />}
    </SettingsFrame>
  );
}

function Part({ tab, project }: { readonly tab: ProjectTab; readonly project: Project }) {
  switch (tab) {
    case "summary":
      return <ProjectSummary project={project} />;
    case "roles":
      return <RolesTab project={project} />;
    case "windows":
      return <WindowsTab project={project} />;
    case "events":
      return <EventsTab name={project.metadata?.name ?? ""} />;
    default:
      throw new Error(`unhandled tab: ${JSON.stringify(tab satisfies never)}`);
  }
}

interface DeleteProjectProps {
  readonly name: string;
  readonly onClose: () => void;
}

function DeleteProject({ name, onClose }: DeleteProjectProps) {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const remove = async (): Promise<void> => {
    await call("project.delete", { name });
    await navigate({ to: "/settings/projects" });
    queryClient.removeQueries({ queryKey: ["projects", name] });
    await queryClient.invalidateQueries({ queryKey: ["projects"] });
  };
  return (
    <AskDialog
      title="Delete this project?"
      doIt="Delete"
      act={remove}
      done={`The project ${name} was deleted.`}
      onClose={onClose}
    >
      <p>
        <strong>{name}</strong> goes with its roles, and their tokens open nothing any more.
      </p>
      <UsedBy
        find={(apps) =>
          apps
            .filter(({ spec }) => (spec?.project ?? "default") === name)
            .map(({ metadata }) => `${metadata?.namespace ?? ""}/${metadata?.name ?? ""}`)
        }
        harm="Move or delete them first: a project that is used is not deleted."
      />
    </AskDialog>
  );
}
