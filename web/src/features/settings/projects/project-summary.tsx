import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Card } from "../../common/page.tsx";
import { Facts, Tags } from "../parts/facts.tsx";
import type { Project } from "../queries.ts";
import { globalProjectsQuery } from "./global-projects.ts";
import type { Spec } from "./project-form.ts";
import styles from "./projects.module.css";

interface Line {
  readonly text: string;
  /** The global project that adds it. */
  readonly from: string | undefined;
}

/** Everything that a project permits, with what global projects add. */
export function ProjectSummary({ project }: { readonly project: Project }) {
  const { metadata, spec = {} } = project;
  const { data: globals = [], error } = useQuery(globalProjectsQuery(metadata?.name ?? ""));
  const linesOf = (texts: (of: Spec) => readonly string[]): readonly Line[] => [
    ...texts(spec).map((text) => ({ text, from: undefined })),
    ...globals.flatMap((one) =>
      texts(one.spec ?? {}).map((text) => ({ text, from: one.metadata?.name ?? "" })),
    ),
  ];
  const lines = (texts: (of: Spec) => readonly string[], none: string): ReactNode => (
    <Lines lines={linesOf(texts)} none={none} />
  );
  const labels = Object.entries(metadata?.labels ?? {}).map(([key, value]) => `${key}=${value}`);
  return (
    <div className={styles["panel"]}>
      <Card title="Where applications may come from and go to">
        <Facts
          facts={[
            ["Source repositories", lines((of) => of.sourceRepos ?? [], "none")],
            ["Source namespaces", lines((of) => of.sourceNamespaces ?? [], "the control plane's alone")],
            ["Destinations", lines(destinationsOf, "none")],
            [
              "Clusters",
              spec.permitOnlyProjectScopedClusters === true
                ? "only those that belong to the project"
                : "all that a destination names",
            ],
            ["Service accounts", lines(accountsOf, "the control plane's own")],
          ]}
        />
      </Card>
      <Card title="What they may deploy">
        <Facts
          facts={[
            [
              "Cluster-scoped, allowed",
              lines((of) => kindsOf(of.clusterResourceWhitelist), "no cluster-scoped kinds"),
            ],
            ["Cluster-scoped, denied", lines((of) => kindsOf(of.clusterResourceBlacklist), "none")],
            [
              "In namespaces, allowed",
              lines((of) => kindsOf(of.namespaceResourceWhitelist), "all that is not denied"),
            ],
            ["In namespaces, denied", lines((of) => kindsOf(of.namespaceResourceBlacklist), "none")],
          ]}
        />
      </Card>
      <Card title="Signatures and orphans">
        <Facts
          facts={[
            [
              "Signature keys",
              lines((of) => (of.signatureKeys ?? []).map(({ keyID = "" }) => keyID), "none are asked for"),
            ],
            ["Signature policies", lines(integrityOf, "none")],
            ["Orphaned resources", orphansOf(spec)],
            spec.orphanedResources === undefined
              ? undefined
              : ["Ignored orphans", lines((of) => kindsOf(of.orphanedResources?.ignore), "none")],
          ]}
        />
      </Card>
      <Card title="The project itself">
        <Facts
          facts={[
            ["Labels", <Tags key="labels" values={labels} none="none" />],
            [
              "Global projects",
              error === null ? (
                <Globals key="globals" names={globals.map((one) => one.metadata?.name ?? "")} />
              ) : (
                error.message
              ),
            ],
          ]}
        />
      </Card>
    </div>
  );
}

function Lines({ lines, none }: { readonly lines: readonly Line[]; readonly none: string }) {
  if (lines.length === 0) return <span className="muted">{none}</span>;
  return (
    <ul className={styles["lines"]}>
      {lines.map(({ text, from }) => (
        <li key={`${from ?? ""} ${text}`}>
          {text}
          {from !== undefined && <span className={styles["from"]}> from {from}</span>}
        </li>
      ))}
    </ul>
  );
}

function Globals({ names }: { readonly names: readonly string[] }) {
  if (names.length === 0) return <span className="muted">none adds to this one</span>;
  return (
    <ul className={styles["lines"]}>
      {names.map((name) => (
        <li key={name}>
          <Link to="/settings/projects/$name" params={{ name }}>
            {name}
          </Link>
        </li>
      ))}
    </ul>
  );
}

function destinationsOf({ destinations = [] }: Spec): readonly string[] {
  return destinations.map(({ server = "", name = "", namespace = "" }) => {
    const where = namespace === "*" ? "every namespace" : namespace === "" ? "no namespace" : namespace;
    return `${server === "" ? name : server}, ${where}`;
  });
}

function accountsOf({ destinationServiceAccounts = [] }: Spec): readonly string[] {
  return destinationServiceAccounts.map(
    ({ server = "", namespace = "", defaultServiceAccount = "" }) =>
      `${defaultServiceAccount} on ${server}, ${namespace === "" ? "every namespace" : namespace}`,
  );
}

interface Kind {
  readonly group?: string | undefined;
  readonly kind?: string | undefined;
  readonly name?: string | undefined;
}

/** Kinds as kubectl names them, with the names of objects where they are narrowed. */
function kindsOf(kinds: readonly Kind[] = []): readonly string[] {
  return kinds.map(({ group = "", kind = "", name = "" }) => {
    const what = group === "" ? kind : `${kind}.${group}`;
    if (group === "*" && kind === "*") return `every kind${name === "" ? "" : ` named ${name}`}`;
    return name === "" ? what : `${what} named ${name}`;
  });
}

function integrityOf({ sourceIntegrity }: Spec): readonly string[] {
  return (sourceIntegrity?.git?.policies ?? []).map(({ repos = [], gpg }) => {
    const keys = gpg?.keys ?? [];
    const by = keys.length === 0 ? "" : `, by ${keys.join(", ")}`;
    return `${repos.map(({ url = "" }) => url).join(", ")}: ${gpg?.mode ?? "none"}${by}`;
  });
}

function orphansOf({ orphanedResources }: Spec): string {
  if (orphanedResources === undefined) return "are not looked for";
  return orphanedResources.warn === false ? "are shown" : "are shown, and applications warn of them";
}
