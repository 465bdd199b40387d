import { useQuery } from "@tanstack/react-query";
import type { UseQueryResult } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import {
  Boxes,
  FileBadge,
  FolderGit2,
  HeartPulse,
  Palette,
  ScrollText,
  Server,
  ShieldQuestion,
  Signature,
  Users,
} from "lucide-react";
import type { LucideIcon } from "lucide-react";
import { useState } from "react";
import { isForbidden } from "../../lib/api/index.ts";
import { formatCount } from "../../lib/format.ts";
import { Page } from "../common/page.tsx";
import { isFound } from "./parts/find-in.ts";
import { FindBox } from "./parts/settings-frame.tsx";
import {
  accountsQuery,
  certificatesQuery,
  clustersQuery,
  projectsQuery,
  repositoriesQuery,
  signingKeysQuery,
  systemQuery,
} from "./queries.ts";
import styles from "./settings-page.module.css";

interface Place {
  readonly to:
    | "/settings/repos"
    | "/settings/certs"
    | "/settings/gpgkeys"
    | "/settings/clusters"
    | "/settings/projects"
    | "/settings/accounts"
    | "/settings/permissions"
    | "/settings/audit"
    | "/settings/system"
    | "/settings/appearance";
  readonly title: string;
  readonly about: string;
  readonly Icon: LucideIcon;
  readonly note: string | undefined;
  readonly warning?: string | undefined;
}

/** Everything that can be set, with what is there and what is wrong with it. */
export function SettingsPage() {
  const [text, setText] = useState("");
  const places = usePlaces();
  const shown = places.filter(({ title, about }) => isFound(text, [title, about]));
  return (
    <Page tab="Settings" title="Settings">
      <div className={styles["content"]}>
        <FindBox what="settings" text={text} onChange={setText} />
        <ul className={styles["tiles"]}>
          {shown.map(({ to, title, about, Icon, note, warning }) => (
            <li key={to}>
              <Link to={to} className={styles["tile"]}>
                <Icon aria-hidden="true" />
                <span className={styles["words"]}>
                  <span className={styles["title"]}>{title}</span>
                  <span className={styles["about"]}>{about}</span>
                  <span className={styles["note"]}>{note ?? "\u00A0"}</span>
                  {warning !== undefined && <span className={styles["warning"]}>{warning}</span>}
                </span>
              </Link>
            </li>
          ))}
        </ul>
        {shown.length === 0 && <p className="muted">There is no such setting.</p>}
      </div>
    </Page>
  );
}

function usePlaces(): readonly Place[] {
  const repositories = useQuery(repositoriesQuery("read"));
  const certificates = useQuery(certificatesQuery);
  const keys = useQuery(signingKeysQuery);
  const clusters = useQuery(clustersQuery);
  const projects = useQuery(projectsQuery);
  const accounts = useQuery(accountsQuery);
  const { data: system } = useQuery(systemQuery);
  const faults = [
    ...(system !== undefined && system.controller?.leads !== true ? ["No controller leads"] : []),
    ...(system?.auditProblem === undefined ? [] : [`Audit: ${system.auditProblem}`]),
  ];
  return [
    {
      to: "/settings/repos",
      title: "Repositories",
      about: "Git, Helm and OCI, with their credentials",
      Icon: FolderGit2,
      note: countOf(repositories, "repository", "repositories"),
      warning: failingOf(repositories.data),
    },
    {
      to: "/settings/certs",
      title: "Certificates and known hosts",
      about: "By which servers of repositories are trusted",
      Icon: FileBadge,
      note: countOf(certificates, "entry", "entries"),
    },
    {
      to: "/settings/gpgkeys",
      title: "GPG keys",
      about: "By which signatures of commits are trusted",
      Icon: Signature,
      note: countOf(keys, "key", "keys"),
    },
    {
      to: "/settings/clusters",
      title: "Clusters",
      about: "Where applications are deployed to",
      Icon: Server,
      note: countOf(clusters, "cluster", "clusters"),
      warning: failingOf(clusters.data),
    },
    {
      to: "/settings/projects",
      title: "Projects",
      about: "Bounds of applications, roles, sync windows",
      Icon: Boxes,
      note: countOf(projects, "project", "projects"),
    },
    {
      to: "/settings/accounts",
      title: "Accounts",
      about: "Passwords and tokens",
      Icon: Users,
      note: countOf(accounts, "account", "accounts"),
    },
    {
      to: "/settings/permissions",
      title: "Permissions",
      about: "May somebody do something, and why",
      Icon: ShieldQuestion,
      note: undefined,
    },
    {
      to: "/settings/audit",
      title: "Audit",
      about: "Who has changed what, and when",
      Icon: ScrollText,
      note: undefined,
    },
    {
      to: "/settings/system",
      title: "System",
      about: "Health, version and setup of the installation",
      Icon: HeartPulse,
      note: system === undefined || faults.length > 0 ? undefined : "A controller leads",
      ...(faults.length === 0 ? {} : { warning: faults.join(". ") }),
    },
    {
      to: "/settings/appearance",
      title: "Appearance",
      about: "Light or dark",
      Icon: Palette,
      note: undefined,
    },
  ];
}

function countOf(
  { data, error }: Pick<UseQueryResult<readonly unknown[]>, "data" | "error">,
  one: string,
  many: string,
): string | undefined {
  if (data !== undefined) return formatCount(data.length, one, many);
  if (error === null) return undefined;
  return isForbidden(error) ? "You may not see these" : "Cannot be read now";
}

interface Connected {
  readonly connectionState?: { readonly status?: string | undefined } | undefined;
}

function failingOf(items: readonly Connected[] = []): string | undefined {
  const failing = items.filter(({ connectionState }) => connectionState?.status === "Failed").length;
  return failing === 0 ? undefined : `${failing.toLocaleString("en")} not connected`;
}
