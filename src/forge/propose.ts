import { MooringError } from "#core/errors/index.ts";
import type { JsonObject, JsonValue } from "#core/object/index.ts";
import { isJsonArray, viewNumber, viewString } from "#core/object/index.ts";
import type { Proposal, Proposed } from "#ports/forge.ts";
import type { ForgeClient } from "./client.ts";
import { pathOf } from "./path-of.ts";

/** How a forge speaks of pull and merge requests. */
export interface Proposals {
  readonly all: (repository: string) => string;
  /** What narrows the list to the open ones of these branches. */
  readonly query: (proposal: Proposal) => Readonly<Record<string, string>>;
  readonly fields: (proposal: Proposal) => JsonObject;
  readonly number: string;
  readonly url: string;
  readonly text: string;
  readonly change: "PATCH" | "PUT";
}

export const githubProposals: Proposals = {
  all: (repository) => `/repos/${pathOf(repository)}/pulls`,
  query: ({ repository, from, into }) => ({
    state: "open",
    head: `${repository.split("/")[0]}:${from}`,
    base: into,
  }),
  fields: ({ from, into, title, body }) => ({ head: from, base: into, title, body }),
  number: "number",
  url: "html_url",
  text: "body",
  change: "PATCH",
};

export const gitlabProposals: Proposals = {
  all: (repository) => `/projects/${encodeURIComponent(repository)}/merge_requests`,
  query: ({ from, into }) => ({ state: "opened", source_branch: from, target_branch: into }),
  fields: ({ from, into, title, body }) => ({
    source_branch: from,
    target_branch: into,
    title,
    description: body,
  }),
  number: "iid",
  url: "web_url",
  text: "description",
  change: "PUT",
};

/** What is there is looked for first, so that an answer that was lost does not make a second one. */
export async function proposeOnce(
  client: ForgeClient,
  forge: Proposals,
  proposal: Proposal,
): Promise<Proposed> {
  const { repository, title, body } = proposal;
  const all = forge.all(repository);
  const listed = await client.call({
    method: "GET",
    path: `${all}?${new URLSearchParams(forge.query(proposal)).toString()}`,
  });
  const [found] = isJsonArray(listed.body) ? listed.body : [];
  if (found === undefined) {
    const made = await client.call({ method: "POST", path: all, body: forge.fields(proposal) });
    return { ...proposedIn(made.body, forge), done: "created" };
  }
  const proposed = proposedIn(found, forge);
  if (viewString(found, "title") === title && viewString(found, forge.text) === body)
    return { ...proposed, done: "unchanged" };
  const path = `${all}/${proposed.number}`;
  await client.call({ method: forge.change, path, body: { title, [forge.text]: body } });
  return { ...proposed, done: "updated" };
}

function proposedIn(value: JsonValue | undefined, forge: Proposals): Omit<Proposed, "done"> {
  const number = viewNumber(value, forge.number);
  if (number === undefined)
    throw new MooringError(
      "FORGE_REFUSED",
      "the forge's answer tells no number of a pull request; check the URL of the API",
    );
  return { number, url: viewString(value, forge.url) ?? "" };
}
