import type { JsonValue } from "#core/object/index.ts";
import { isJsonArray, viewNumber, viewString } from "#core/object/index.ts";
import type { ChangeRequest, Forge, ForgeComment, ForgeSettings } from "#ports/forge.ts";
import { backoffDelay } from "#runtime/backoff.ts";
import type { Clock } from "#runtime/clock.ts";
import { ForgeClient, TryLater } from "./client.ts";
import { pathOf } from "./path-of.ts";
import { githubProposals, gitlabProposals, proposeOnce } from "./propose.ts";

export interface ForgeOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

const maxTries = 6;
const maxWaitMs = 60_000;
const backoff = { baseMs: 500, factor: 2, maxMs: 15_000, jitter: 0.3 };
const pageSize = 100;
const maxPages = 100;

/** A forge that nothing has been asked of yet. Throws CONFIG_INVALID. */
export function connectForge(settings: ForgeSettings, { clock, signal }: ForgeOptions): Forge {
  const client = new ForgeClient(settings, signal);
  const isGithub = settings.kind === "github";
  const api = isGithub ? githubPaths : gitlabPaths;
  const patiently = async <T>(attempt: () => Promise<T>): Promise<T> => {
    for (let tries = 1; ; tries += 1) {
      try {
        return await attempt();
      } catch (error) {
        if (!(error instanceof TryLater)) throw error;
        const waitMs = error.afterMs ?? backoffDelay(tries - 1, backoff, Math.random);
        if (tries >= maxTries || waitMs > maxWaitMs) throw error.failure;
        await clock.sleep(waitMs, signal);
      }
    }
  };
  return {
    upsertComment: async (request, comment) =>
      await patiently(async () => await upsertOnce({ client, api, request }, comment)),
    propose: async (proposal) =>
      await patiently(
        async () => await proposeOnce(client, isGithub ? githubProposals : gitlabProposals, proposal),
      ),
  };
}

/** Where comments are, and how they are changed. */
interface ForgePaths {
  readonly comments: (request: ChangeRequest) => string;
  readonly comment: (request: ChangeRequest, id: number) => string;
  readonly change: "PATCH" | "PUT";
}

const githubPaths: ForgePaths = {
  comments: ({ repository, number }) => `/repos/${pathOf(repository)}/issues/${number}/comments`,
  comment: ({ repository }, id) => `/repos/${pathOf(repository)}/issues/comments/${id}`,
  change: "PATCH",
};

const gitlabPaths: ForgePaths = {
  comments: ({ repository, number }) =>
    `/projects/${encodeURIComponent(repository)}/merge_requests/${number}/notes`,
  comment: (request, id) => `${gitlabPaths.comments(request)}/${id}`,
  change: "PUT",
};

interface Place {
  readonly client: ForgeClient;
  readonly api: ForgePaths;
  readonly request: ChangeRequest;
}

interface Found {
  readonly id: number;
  readonly body: string;
}

async function upsertOnce(
  place: Place,
  { marker, body, create }: ForgeComment,
): Promise<"created" | "updated" | "unchanged" | "none"> {
  const { client, api, request } = place;
  const ours = await findComments(place, marker);
  let kept: "updated" | "unchanged" | undefined;
  for (const { id, body: old } of ours) {
    const path = api.comment(request, id);
    // What two runs at one time have left is one again.
    if (kept !== undefined) await client.call({ method: "DELETE", path, expects: [403, 404] });
    else if (old === body) kept = "unchanged";
    else {
      // One that somebody else wrote, or that is gone by now, is left.
      const { status } = await client.call({ method: api.change, path, body: { body }, expects: [403, 404] });
      if (status < 300) kept = "updated";
    }
  }
  if (kept !== undefined) return kept;
  if (!create) return "none";
  await client.call({ method: "POST", path: api.comments(request), body: { body } });
  return "created";
}

async function findComments({ client, api, request }: Place, marker: string): Promise<readonly Found[]> {
  const found: Found[] = [];
  for (let page = 1; page <= maxPages; page += 1) {
    const path = `${api.comments(request)}?per_page=${pageSize}&page=${page}`;
    const { body } = await client.call({ method: "GET", path });
    const comments: readonly JsonValue[] = isJsonArray(body) ? body : [];
    for (const comment of comments) {
      const [id, text] = [viewNumber(comment, "id"), viewString(comment, "body")];
      if (id !== undefined && text?.startsWith(marker) === true) found.push({ id, body: text });
    }
    if (comments.length < pageSize) break;
  }
  return found;
}
