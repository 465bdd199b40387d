import { MooringError } from "#core/errors/index.ts";
import type { JsonObject, JsonValue } from "#core/object/index.ts";
import { viewArray, viewNumber, viewString } from "#core/object/index.ts";
import type { ForgeKind, Proposal, Proposed, ProposedBranches } from "#ports/forge.ts";
import type { ForgeClient } from "./client.ts";
import { proposalsPath, repositoryPath } from "./paths.ts";

type Words = Readonly<Record<"number" | "url" | "text", string>>;

const pullWords: Words = { number: "number", url: "html_url", text: "body" };
const words: Readonly<Record<ForgeKind, Words>> = {
  github: pullWords,
  gitlab: { number: "iid", url: "web_url", text: "description" },
  gitea: pullWords,
};

/** What narrows the list to the open ones of these branches; Gitea only narrows it to the open ones. */
function queryFor(kind: ForgeKind, { repository, from, into }: ProposedBranches): string {
  const query = {
    github: { state: "open", head: `${repository.split("/")[0]}:${from}`, base: into },
    gitlab: { state: "opened", source_branch: from, target_branch: into },
    gitea: { state: "open" },
  }[kind];
  return new URLSearchParams(query).toString();
}

function fieldsFor(kind: ForgeKind, { from, into, title, body }: Proposal): JsonObject {
  return kind === "gitlab"
    ? { source_branch: from, target_branch: into, title, description: body }
    : { head: from, base: into, title, body };
}

/** The open proposal for two branches as the forge tells it; one from a fork is another's. */
export async function findOpen(
  client: ForgeClient,
  branches: ProposedBranches,
): Promise<JsonValue | undefined> {
  const { kind } = client;
  const path = `${proposalsPath(kind, branches.repository)}?${queryFor(kind, branches)}`;
  const listed = await client.list(path);
  return listed.find((one) => {
    if (kind === "gitlab")
      return viewNumber(one, "source_project_id") === viewNumber(one, "target_project_id");
    const isOurs =
      viewString(one, "head", "repo", "full_name") === viewString(one, "base", "repo", "full_name");
    const [from, into] = [viewString(one, "head", "ref"), viewString(one, "base", "ref")];
    return isOurs && from === branches.from && into === branches.into;
  });
}

/** What is there is looked for first, so that an answer that was lost does not make a second one. */
export async function proposeOnce(client: ForgeClient, proposal: Proposal): Promise<Proposed> {
  const { kind } = client;
  const { repository, title, body } = proposal;
  const all = proposalsPath(kind, repository);
  const found = await findOpen(client, proposal);
  if (found === undefined) {
    const made = await client.call({ method: "POST", path: all, body: fieldsFor(kind, proposal) });
    const proposed = proposedIn(made.body, kind);
    await addLabels(client, proposal, made.body);
    return { ...proposed, done: "created" };
  }
  const proposed = proposedIn(found, kind);
  const isLabelled = await addLabels(client, proposal, found);
  const { text } = words[kind];
  // An empty text is null on some forges.
  if (viewString(found, "title") === title && (viewString(found, text) ?? "") === body)
    return { ...proposed, done: isLabelled ? "updated" : "unchanged" };
  const method = kind === "gitlab" ? "PUT" : "PATCH";
  await client.call({ method, path: `${all}/${proposed.number}`, body: { title, [text]: body } });
  return { ...proposed, done: "updated" };
}

/** Adds those that are missing; tells whether any were. */
async function addLabels(
  client: ForgeClient,
  { repository, labels = [] }: Proposal,
  found: JsonValue | undefined,
): Promise<boolean> {
  const { kind } = client;
  const there = viewArray(found, "labels").map((one) =>
    typeof one === "string" ? one : viewString(one, "name"),
  );
  const missing = labels.filter((label) => !there.includes(label));
  if (missing.length === 0) return false;
  const { number } = proposedIn(found, kind);
  await (kind === "gitlab"
    ? client.call({
        method: "PUT",
        path: `${proposalsPath(kind, repository)}/${number}`,
        body: { add_labels: missing.join(",") },
      })
    : client.call({
        method: "POST",
        path: `${repositoryPath(kind, repository)}/issues/${number}/labels`,
        body: { labels: missing },
      }));
  return true;
}

export function proposedIn(value: JsonValue | undefined, kind: ForgeKind): Omit<Proposed, "done"> {
  const number = viewNumber(value, words[kind].number);
  if (number === undefined)
    throw new MooringError(
      "FORGE_REFUSED",
      "the forge's answer tells no number of a pull request; check the URL of the API",
    );
  const head = kind === "gitlab" ? viewString(value, "sha") : viewString(value, "head", "sha");
  return { number, url: viewString(value, words[kind].url) ?? "", head: head ?? "" };
}
