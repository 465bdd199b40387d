import { pathToFileURL } from "node:url";
import { defaultProject } from "#core/project/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import { redactSecrets } from "#core/redact/index.ts";
import type { RepositoryAccess } from "#core/repo/index.ts";
import { resolveRepositoryAccess } from "#core/repo/index.ts";
import { normalisePath } from "#core/source/index.ts";
import type { SourceReference } from "#core/hub/index.ts";
import { fetcherForSource } from "#engine/open-source.ts";
import type { GitStore } from "#ports/git-store.ts";
import type { Invocation } from "../command.ts";
import { defineCommand } from "../command.ts";
import { readConfig } from "../config.ts";
import { fetchersFor, redactedObjects, renderDesired } from "../desired.ts";
import { printDiffs } from "../diff-application.ts";
import { appRef, openHub, readApplication } from "../hub.ts";
import { openTarget } from "../open-target.ts";
import type { CliPorts, LocalDirectory } from "../ports.ts";
import { renderFlags } from "../render/flags.ts";
import { diffRenders, printObjects } from "../render/print-objects.ts";
import type { Files } from "../render/render-files.ts";
import { renderFiles } from "../render/render-files.ts";
import { Trace } from "../render/trace.ts";
import { resolveApp } from "../resolve.ts";
import { revisionsFor } from "../revision-flags.ts";
import { readLiteral } from "../source-flags/read-literal.ts";
import { usageError } from "../usage-error.ts";

type RenderInvocation = Invocation<typeof renderFlags>;

export const command = defineCommand({
  name: "render",
  summary: "Print what a directory, a repository or an application renders to",
  details:
    "Renders as the controller does: charts, kustomizations, Jsonnet and plain files. A directory is rendered as it is now, with the Git\nwork tree around it for what it refers to; write ./NAME where an Application has the same name. Of an Application values of Secrets\nare replaced by hashes, and so they are in differences.",
  examples: [
    "mooring render ./charts/web --values prod.yaml",
    "mooring render ./overlays/prod --diff main",
    "mooring render --repo https://git.example.com/shop.git --path web --revision v2 -o name",
    "mooring render web --diff v1",
  ],
  args: { usage: "[PATH|APPNAME]", min: 0, max: 1 },
  flags: renderFlags,
  run: async (invocation, ports) => {
    const trace = invocation.flags.trace === true ? new Trace() : undefined;
    const { now, before } = await renderAsked(invocation, { ports, trace });
    if (trace !== undefined) ports.stderr.write(`${trace.format()}\n`);
    const { flags } = invocation;
    if (before === undefined) {
      printObjects(ports.stdout, flags.output, now);
      return 0;
    }
    const diffs = diffRenders(before, now);
    printDiffs(diffs, { ports, color: flags.color });
    return diffs.length > 0 && flags["exit-code"] === true ? 1 : 0;
  },
});

/** Objects as they may be shown. */
interface Renders {
  readonly now: readonly KubeObject[];
  /** At the revision of --diff. */
  readonly before: readonly KubeObject[] | undefined;
}

interface Context {
  readonly ports: CliPorts;
  readonly trace: Trace | undefined;
}

async function renderAsked(invocation: RenderInvocation, context: Context): Promise<Renders> {
  const [what] = invocation.args;
  const { repo } = invocation.flags;
  if (repo !== undefined) {
    if (what !== undefined) throw usageError("render: give --repo, or PATH, or APPNAME");
    return renderRepository(repo, invocation, context);
  }
  if (what === undefined)
    throw usageError("render needs PATH, APPNAME or --repo; write: mooring render ./web");
  const directory = await context.ports.findDirectory(what);
  if (directory !== undefined) return renderDirectory(directory, invocation, context);
  if (/^[./~]/u.test(what)) throw usageError(`render: there is no directory ${what}`);
  return renderApplication(what, invocation, context);
}

const publicAccess = { repositories: [], templates: [] };

async function renderRepository(
  url: string,
  invocation: RenderInvocation,
  context: Context,
): Promise<Renders> {
  const { flags } = invocation;
  const access = resolveRepositoryAccess(url, undefined, publicAccess);
  const path = normalisePath(flags.path ?? "");
  return renderBoth(invocation, context, {
    now: (git) => filesAt(git, { access, path, revision: flags.revision ?? "", ports: context.ports }),
    before: (git, revision) => filesAt(git, { access, path, revision, ports: context.ports }),
  });
}

async function renderDirectory(
  { root, inGit, tree, path }: LocalDirectory,
  invocation: RenderInvocation,
  context: Context,
): Promise<Renders> {
  const { flags } = invocation;
  if (flags.path !== undefined || flags.revision !== undefined)
    throw usageError("flags --path and --revision are about a repository; give it with --repo");
  if (flags.diff !== undefined && !inGit)
    throw usageError(
      `flag --diff: ${root} is in no Git repository, so there is no ${flags.diff} to compare with`,
    );
  const access = resolveRepositoryAccess(pathToFileURL(root).href, undefined, publicAccess);
  const traced = context.trace?.ofTree(root, tree) ?? tree;
  return renderBoth(invocation, context, {
    now: () => Promise.resolve({ tree: traced, path, access, revision: tree.revision }),
    before: (git, revision) => filesAt(git, { access, path, revision, ports: context.ports }),
  });
}

interface At {
  readonly access: RepositoryAccess;
  readonly path: string;
  readonly revision: string;
  readonly ports: CliPorts;
}

async function filesAt(git: GitStore, { access, path, revision, ports: { signal } }: At): Promise<Files> {
  const { commit } = await git.resolve(access, revision, { maxAgeMs: 0, signal });
  return { tree: await git.open(access, commit, signal), path, access, revision: commit };
}

interface Sides {
  readonly now: (git: GitStore) => Promise<Files>;
  readonly before: (git: GitStore, revision: string) => Promise<Files>;
}

async function renderBoth(
  { flags }: RenderInvocation,
  { ports, trace }: Context,
  sides: Sides,
): Promise<Renders> {
  await using started = await ports.startGit();
  const git = trace?.ofGit(started) ?? started;
  await using renderer = await ports.startRenderer({ cache: trace === undefined });
  const policy = { project: defaultProject(""), repositories: publicAccess };
  await using registry = await ports.startRegistry();
  const fetcherFor = fetchersFor(policy, { git, registry, trace });
  const request = {
    flags,
    literal: await readLiteral(flags["values-literal-file"], ports),
    renderer,
    fetcherFor: (reference: SourceReference) => fetcherForSource(reference, { fetcherFor, maxAgeMs: 0 }),
    signal: ports.signal,
  };
  const now = await renderFiles(await sides.now(git), request);
  if (flags.diff === undefined) return { now, before: undefined };
  const before = await renderFiles(await sides.before(git, flags.diff), request);
  const hide = (object: KubeObject) => redactSecrets(object, { hash: ports.hashSecret });
  return { now: now.map(hide), before: before.map(hide) };
}

async function renderApplication(
  name: string,
  invocation: RenderInvocation,
  { ports, trace }: Context,
): Promise<Renders> {
  const { flags } = invocation;
  await using hub = await openHub(invocation, ports);
  const app = await readApplication(hub, appRef(hub, name, flags["app-namespace"]), ports.signal);
  const config = await readConfig(hub, ports);
  const resolved = await resolveApp(app, { hub, config, signal: ports.signal });
  await using target = await openTarget(resolved.target, hub, ports);
  const render = async (revision: string | undefined): Promise<readonly KubeObject[]> => {
    const only = { revision, revisions: [], "source-positions": [], "source-names": [] };
    const revisions = revisionsFor(app, only);
    const desired = await renderDesired(resolved, { target: target.cluster, revisions, ports, trace });
    return redactedObjects(desired, resolved, ports.hashSecret);
  };
  const now = await render(flags.revision);
  return { now, before: flags.diff === undefined ? undefined : await render(flags.diff) };
}
