import { viewNumber, viewString } from "#core/object/index.ts";
import type { ChangeRequest, ForgeComment, ForgeKind } from "#ports/forge.ts";
import type { ForgeClient } from "./client.ts";
import { repositoryPath } from "./paths.ts";

function commentsPath(kind: ForgeKind, { repository, number }: ChangeRequest): string {
  const all = repositoryPath(kind, repository);
  return kind === "gitlab" ? `${all}/merge_requests/${number}/notes` : `${all}/issues/${number}/comments`;
}

function commentPath(kind: ForgeKind, request: ChangeRequest, id: number): string {
  return kind === "gitlab"
    ? `${commentsPath(kind, request)}/${id}`
    : `${repositoryPath(kind, request.repository)}/issues/comments/${id}`;
}

interface Found {
  readonly id: number;
  readonly body: string;
}

export async function upsertOnce(
  client: ForgeClient,
  request: ChangeRequest,
  { marker, body, create }: ForgeComment,
): Promise<"created" | "updated" | "unchanged" | "none"> {
  const ours = await findComments(client, request, marker);
  const change = client.kind === "gitlab" ? "PUT" : "PATCH";
  let kept: "updated" | "unchanged" | undefined;
  for (const { id, body: old } of ours) {
    const path = commentPath(client.kind, request, id);
    // What two runs at one time have left is one again.
    if (kept !== undefined) await client.call({ method: "DELETE", path, expects: [403, 404] });
    else if (old === body) kept = "unchanged";
    else {
      // One that somebody else wrote, or that is gone by now, is left.
      const { status } = await client.call({ method: change, path, body: { body }, expects: [403, 404] });
      if (status < 300) kept = "updated";
    }
  }
  if (kept !== undefined) return kept;
  if (!create) return "none";
  await client.call({ method: "POST", path: commentsPath(client.kind, request), body: { body } });
  return "created";
}

async function findComments(
  client: ForgeClient,
  request: ChangeRequest,
  marker: string,
): Promise<readonly Found[]> {
  // Gitea gives all comments of an issue at once, whatever page is asked for.
  const path = commentsPath(client.kind, request);
  const comments = client.kind === "gitea" ? await client.listWhole(path) : await client.list(path);
  return comments.flatMap((comment) => {
    const [id, text] = [viewNumber(comment, "id"), viewString(comment, "body")];
    return id !== undefined && text?.startsWith(marker) === true ? [{ id, body: text }] : [];
  });
}
