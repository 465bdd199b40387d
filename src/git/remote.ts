import { realpathSync } from "node:fs";
import { resolve, sep } from "node:path";
import { isMooringError, MooringError } from "#core/errors/index.ts";
import type { RepositoryAccess } from "#core/repo/access.ts";
import type { RepositoryUrl } from "#core/repo/index.ts";
import { parseRepositoryUrl, repositoryIdentity } from "#core/repo/index.ts";
import { throwIfAborted } from "#runtime/abort.ts";
import type { AccessProofs } from "./access-proofs.ts";
import { gitErrorOf } from "./git-error.ts";
import type { MirrorContext } from "./mirror.ts";
import type { SharedAnswers } from "#runtime/shared-answers.ts";
import type { RemoteRefs } from "./refs.ts";
import { parseRemoteRefs } from "./refs.ts";
import { openRemoteEnvironment } from "./remote-environment.ts";
import type { LaneRequest, RemoteLanes } from "./remote-lanes.ts";
import { runGit } from "./run-git.ts";

/** A repository as one caller reaches it. */
export interface Remote {
  readonly repository: RepositoryAccess;
  readonly url: RepositoryUrl;
  /** The same for every caller and credentials. */
  readonly identity: string;
  /** Names the repository with these credentials. */
  readonly key: string;
}

export interface RemoteContext {
  readonly context: MirrorContext;
  readonly lanes: RemoteLanes;
  readonly listings: SharedAnswers<RemoteRefs>;
  readonly proofs: AccessProofs;
  /** Of the store and of others beside it. A repository in there is somebody's mirror, whose credentials nobody would ask for. */
  readonly ownDirectory: string;
  /** Ends the store. */
  readonly signal: AbortSignal;
}

/** Parses and admits a repository; throws GIT_INVALID for a URL that may not be used, AbortError when the store has ended. */
export function openRemote(repository: RepositoryAccess, options: RemoteContext): Remote {
  throwIfAborted(options.signal);
  const url = parseRepositoryUrl(repository.url);
  const shown = url.withoutCredentials;
  if (url.password !== undefined || (url.username !== undefined && url.transport !== "ssh")) {
    const advice = "the URL holds credentials; put them into a repository Secret";
    throw new MooringError("GIT_INVALID", `repository ${shown}: ${advice}`, { key: shown });
  }
  if (url.transport === "file" && isInside(url.path, options.ownDirectory)) {
    const advice = "it lies in the directory of mirrors; use the URL that is mirrored";
    throw new MooringError("GIT_INVALID", `repository ${shown}: ${advice}`, { key: shown });
  }
  const identity = repositoryIdentity(url);
  return { repository, url, identity, key: options.proofs.keyOf(identity, repository) };
}

/** Follows symbolic links, after the percent signs that git decodes; a path that leads nowhere is taken as it is written. */
function isInside(path: string, directory: string): boolean {
  const outer = realPath(directory);
  return [path, decodePercent(path)]
    .map(realPath)
    .some((inner) => `${inner}${sep}`.startsWith(`${outer}${sep}`));
}

function decodePercent(path: string): string {
  const bytes = Buffer.from(path).toString("latin1");
  const decoded = bytes.replaceAll(/%([0-9a-f]{2})/giu, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(decoded, "latin1").toString();
}

function realPath(path: string): string {
  try {
    return realpathSync.native(path);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    // Whatever keeps this process from finding the path keeps git from it, too.
    if (code !== undefined) return resolve(path);
    throw error;
  }
}

/** Does something against a repository in its lane, and remembers what that says about the repository. */
export async function withRemote<T>(
  { lanes, proofs, context }: RemoteContext,
  remote: Remote,
  operation: {
    readonly kind: LaneRequest["kind"];
    readonly signal: AbortSignal;
    readonly run: (environment: Readonly<Record<string, string>>) => Promise<T>;
  },
): Promise<T> {
  const lane = { identity: remote.identity, host: remote.url.host, kind: operation.kind };
  using _place = await lanes.enter(lane, operation.signal);
  using opened = openRemoteEnvironment(context.home, remote.repository, remote.url);
  try {
    const result = await operation.run(opened.environment);
    lanes.report(remote.identity, true);
    proofs.add(remote.key);
    return result;
  } catch (error) {
    const silent = isMooringError(error, "GIT_TIMEOUT") || isMooringError(error, "GIT_UNREACHABLE");
    if (isMooringError(error)) lanes.report(remote.identity, !silent);
    if (isMooringError(error, "GIT_AUTH") || isMooringError(error, "GIT_NOT_FOUND"))
      proofs.remove(remote.key);
    throw error;
  }
}

async function askForRefs(
  options: RemoteContext,
  remote: Remote,
  { signal, onStart }: { readonly signal: AbortSignal; readonly onStart: () => void },
): Promise<RemoteRefs> {
  const { context } = options;
  const run = async (environment: Readonly<Record<string, string>>) => {
    onStart();
    const outcome = await runGit(context, {
      args: ["ls-remote", "--symref", "--", remote.repository.url],
      environment,
      cwd: context.home.directory,
      timeoutMs: context.limits.listTimeoutMs,
      maxOutputBytes: context.limits.maxRefsBytes,
      signal,
    });
    if (outcome.end === "exit" && outcome.exitCode === 0)
      return parseRemoteRefs(outcome.stdout.toString("utf8"));
    throw gitErrorOf(remote.repository, "listing refs", outcome);
  };
  return await withRemote(options, remote, { kind: "list", signal, run });
}

/** A mirror is shown only to those whom the repository has let in; throws what it says to others. */
export async function requireAccess(
  options: RemoteContext,
  remote: Remote,
  signal: AbortSignal,
): Promise<void> {
  if (options.proofs.has(remote.key) || remote.url.transport === "file") return;
  await listRefs(options, remote, { maxAgeMs: Number.POSITIVE_INFINITY, signal });
}

/** What the repository has, not older than `maxAgeMs`; 0 asks now. */
export async function listRefs(
  options: RemoteContext,
  remote: Remote,
  { maxAgeMs, signal }: { readonly maxAgeMs: number; readonly signal: AbortSignal },
): Promise<RemoteRefs> {
  return await options.listings.ask({
    key: remote.key,
    maxAgeMs,
    signal,
    ask: async (shared, onStart) => await askForRefs(options, remote, { signal: shared, onStart }),
  });
}
