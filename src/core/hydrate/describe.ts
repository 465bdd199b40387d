import type { CommitReference } from "./references.ts";
import { referencesOf } from "./references.ts";

/** The commit whose manifests were rendered. */
export interface DryCommit {
  /** Without credentials. */
  readonly repoURL: string;
  readonly sha: string;
  readonly author: string;
  /** RFC 3339. */
  readonly date: string;
  readonly message: string;
}

/** What is committed for one application. */
export interface HydratedApp {
  readonly namespace: string;
  readonly name: string;
  /** The directory below which it is written. */
  readonly path: string;
  /** What renders the same, in the directory that the dry commit is checked out to. */
  readonly commands: readonly string[];
}

interface Metadata {
  readonly repoURL: string;
  readonly drySha: string;
  readonly commands?: readonly string[];
  readonly author?: string;
  readonly date?: string;
  readonly subject?: string;
  readonly body?: string;
  readonly references?: readonly CommitReference[];
}

/** `hydrator.metadata` of the branch's root, as Argo CD writes it: from which commit the branch was last rendered. */
export function branchMetadata(dry: DryCommit): string {
  const { subject, body } = partsOf(dry.message);
  const references = referencesOf(dry.message);
  return format({
    repoURL: dry.repoURL,
    drySha: dry.sha,
    author: dry.author,
    date: dry.date,
    subject,
    ...(body === "" ? {} : { body }),
    ...(references.length === 0 ? {} : { references }),
  });
}

/** `hydrator.metadata` of an application's directory. */
export function pathMetadata(dry: DryCommit, { commands }: HydratedApp): string {
  return format({
    ...(commands.length === 0 ? {} : { commands }),
    repoURL: dry.repoURL,
    drySha: dry.sha,
  });
}

/** `README.md` of an application's directory: how to make the manifests anew. */
export function pathReadme(dry: DryCommit, { commands }: HydratedApp): string {
  const references = referencesOf(dry.message);
  const lines = [
    "# Manifest Hydration",
    "",
    "To hydrate the manifests in this directory, run the following commands:",
    "",
    "```shell",
    `git clone ${dry.repoURL}`,
    "# cd into the cloned directory",
    `git checkout ${dry.sha}`,
    ...commands,
    "```",
    ...(references.length === 0 ? [] : ["", "## References", ""]),
    ...references.map(({ commit }) => referenceLine(commit)),
  ];
  return `${lines.join("\n")}\n`;
}

function referenceLine({ sha = "", repoURL = "", subject = "", author }: CommitReference["commit"]): string {
  const by = author === undefined ? "" : ` (${author})`;
  return `* [${sha.slice(0, 7)}](${repoURL}): ${subject}${by}`;
}

/** A message has room for 64 KiB; nobody reads more names. */
const maxApps = 200;
const maxBody = 16_384;

/** What the commit says: the dry commit's own words, and by what it was made. */
export function commitMessage(dry: DryCommit, apps: readonly HydratedApp[], version: string): string {
  const { subject, body } = partsOf(dry.message);
  const names = apps.map(({ namespace, name }) => `${namespace}/${name}`).toSorted();
  const trailers = [
    ...referencesOf(dry.message).flatMap(({ commit: { author } }) => coAuthor(author)),
    ...coAuthor(dry.author),
    `Mooring-Dry-Commit: ${dry.sha}`,
    `Mooring-Dry-Repository: ${dry.repoURL}`,
    ...names.slice(0, maxApps).map((name) => `Mooring-Application: ${name}`),
    `Mooring-Version: ${version}`,
  ];
  const title = `${dry.sha.slice(0, 7)}: ${subject.slice(0, 1_024)}`;
  const paragraphs = [title, body.slice(0, maxBody), trailers.join("\n")];
  return `${paragraphs.filter((one) => one !== "").join("\n\n")}\n`;
}

function coAuthor(author: string | undefined): readonly string[] {
  return author === undefined || author === "" ? [] : [`Co-authored-by: ${author}`];
}

function partsOf(message: string): { readonly subject: string; readonly body: string } {
  const [subject = "", ...rest] = message.trim().split("\n");
  return { subject, body: rest.join("\n").trim() };
}

function format(metadata: Metadata): string {
  return `${JSON.stringify(metadata, undefined, 2)}\n`;
}
