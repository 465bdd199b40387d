import { pathToFileURL } from "node:url";
import type { Application, ApplicationSource } from "#core/app/index.ts";
import { parseApplication, sourcesOf } from "#core/app/index.ts";
import { parseValue } from "#core/crd/parse.ts";
import { sourceSchema } from "#core/crd/source-schema.ts";
import { MooringError } from "#core/errors/index.ts";
import type { JsonObject } from "#core/object/index.ts";
import { inventoryName } from "#core/push/index.ts";
import type { Invocation } from "../command.ts";
import { findLocalFiles } from "../local-files.ts";
import type { CliPorts, LocalDirectory } from "../ports.ts";
import { readManifest } from "../read-manifest.ts";
import { readText } from "../read-text.ts";
import { nameOf } from "../render/render-files.ts";
import { applySourceFlags } from "../source-flags/apply.ts";
import { readLiteral } from "../source-flags/read-literal.ts";
import { usageError } from "../usage-error.ts";
import { createFilesTree } from "./files-tree.ts";
import type { PushValues, pushFlags } from "./flags.ts";

/** What is pushed: an Application that nobody has created, and files in place of its source. */
export interface PushSubject {
  readonly name: string;
  readonly namespace: string;
  /** Where the Application of --app says it would live; undefined for the control plane's namespace. */
  readonly appNamespace: string | undefined;
  /** Without a destination yet. */
  readonly app: Application;
  readonly local: LocalDirectory | undefined;
}

type PushInvocation = Invocation<typeof pushFlags>;

/** Reads what the command line names. Throws CLI_USAGE and APP_INVALID. */
export async function readSubject(
  { args: [path], flags }: PushInvocation,
  ports: CliPorts,
): Promise<PushSubject> {
  const literal = await readLiteral(flags["values-literal-file"], ports);
  const local = await readLocal(path, flags, ports);
  const given = flags.app === undefined ? undefined : await readGiven(flags.app, ports);
  if (local === undefined && given === undefined)
    throw usageError("give PATH, -f FILE or --app FILE; write: mooring plan ./web --to CONTEXT");
  const name = flags.name ?? given?.metadata.name ?? nameFor(path, flags, local);
  inventoryName(name);
  const namespace = flags.namespace ?? given?.spec.destination.namespace ?? "default";
  const app: Application = {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Application",
    metadata: { ...annotationsOf(given), name },
    spec: given === undefined ? specOf(local, flags, literal) : specWith(given, flags, literal),
  };
  return { name, namespace, appNamespace: given?.metadata.namespace, app, local };
}

async function readLocal(
  path: string | undefined,
  flags: PushValues,
  ports: CliPorts,
): Promise<LocalDirectory | undefined> {
  if (flags.file.length > 0) {
    if (path !== undefined) throw usageError("give PATH or -f FILE, not both");
    return readFiles(flags.file, ports);
  }
  if (path === undefined) return undefined;
  const none = { revision: undefined, revisions: [], "source-positions": [], "source-names": [] };
  try {
    return await findLocalFiles({ ...none, local: path, "local-repo-root": undefined }, ports);
  } catch (error) {
    throw usageError(
      `there is no directory ${path}; give the directory that is to be applied, or a file with -f`,
      error,
    );
  }
}

async function readFiles(files: readonly string[], ports: CliPorts): Promise<LocalDirectory> {
  const texts = new Map<string, string>();
  for (const file of files) {
    const text = file === "-" ? await ports.stdin.readAll() : await readText(file, ports);
    texts.set(pathInTree(file, texts), text);
  }
  return { root: ".", inGit: false, tree: createFilesTree(texts), path: "" };
}

/** Where a file stands in the tree: as it was named, so that messages name it so, too. */
function pathInTree(file: string, taken: ReadonlyMap<string, string>): string {
  if (file === "-") return "stdin.yaml";
  const path = file
    .split("/")
    .filter((part) => part !== "" && part !== "." && part !== "..")
    .join("/");
  const named = /\.(ya?ml|json)$/u.test(path) ? path : `${path}.yaml`;
  return taken.has(named) ? `${taken.size}/${named}` : named;
}

async function readGiven(file: string, ports: CliPorts): Promise<Application> {
  const apps = (await readManifest(file, ports)).filter(({ kind }) => kind === "Application");
  const [only] = apps;
  if (only === undefined || apps.length > 1)
    throw usageError(`flag --app: ${file} holds ${apps.length} Applications; give a file with one`);
  const app = parseApplication(only);
  if (sourcesOf(app).length > 0) return app;
  throw new MooringError("APP_INVALID", `${file}: Application ${app.metadata.name} has no source`);
}

function annotationsOf(given: Application | undefined) {
  const { annotations, labels } = given?.metadata ?? {};
  return {
    ...(annotations === undefined ? {} : { annotations }),
    ...(labels === undefined ? {} : { labels }),
  };
}

function nameFor(path: string | undefined, flags: PushValues, local: LocalDirectory | undefined): string {
  const [file = ""] = flags.file;
  if (path === undefined && (file === "-" || flags.file.length > 1))
    throw usageError("flag --name: give it, since no directory says what the application is called");
  if (path === undefined) return nameOf(file.replace(/\.[a-z]+$/u, ""));
  return nameOf(local === undefined || local.path === "" ? (local?.root ?? path) : local.path);
}

function specOf(
  local: LocalDirectory | undefined,
  flags: PushValues,
  literal: string | undefined,
): Application["spec"] {
  const { root = ".", path = "" } = local ?? {};
  const url = pathToFileURL(root).href;
  const single = flags.file.length > 0 ? { directory: { recurse: true } } : {};
  const base: JsonObject = { repoURL: url, path: path === "" ? "." : path, ...single };
  const source = withToolFlags(base, flags, literal);
  return { project: "default", source, destination: {}, ...policyOf(undefined, flags) };
}

function specWith(given: Application, flags: PushValues, literal: string | undefined): Application["spec"] {
  const { source, syncPolicy, ...spec } = given.spec;
  const { automated: _, ...policy } = syncPolicy ?? {};
  return {
    ...spec,
    ...(source === undefined ? {} : { source: withToolFlags(source as JsonObject, flags, literal) }),
    ...policyOf(policy, flags),
  };
}

function withToolFlags(base: JsonObject, flags: PushValues, literal: string | undefined): ApplicationSource {
  const { name: _n, app: _a, file: _f, ...tools } = flags;
  const parsed = parseValue(sourceSchema, applySourceFlags(base, { flags: tools, literal }) ?? base);
  if (parsed.ok) return parsed.value;
  throw new MooringError("APP_INVALID", parsed.problems.map(({ message }) => message).join("; "));
}

/** Options of the command line stand behind the Application's own: of one name the last counts. */
function policyOf(policy: Application["spec"]["syncPolicy"], flags: PushValues) {
  const syncOptions = [...(policy?.syncOptions ?? []), ...flags["sync-option"]];
  return { syncPolicy: { ...policy, ...(syncOptions.length === 0 ? {} : { syncOptions }) } };
}
