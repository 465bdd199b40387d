import { isJsonArray, viewPath, viewString } from "#core/object/index.ts";
import type { ForgeClient } from "./client.ts";
import { repositoryPath } from "./paths.ts";

interface Branch {
  readonly repository: string;
  readonly branch: string;
}

/** Of the branch itself; what rules say of it is only asked where the forge does not tell what the token's owner may do. */
export async function readPushRight(
  client: ForgeClient,
  { repository, branch }: Branch,
): Promise<"allowed" | "refused" | "unknown"> {
  const base = repositoryPath(client.kind, repository);
  const name = encodeURIComponent(branch);
  const path = client.kind === "gitlab" ? `${base}/repository/branches/${name}` : `${base}/branches/${name}`;
  const { status, body } = await client.call({ method: "GET", path, expects: [403, 404] });
  if (status !== 200) return "unknown";
  if (client.kind === "github") return await githubRight(client, base, { name, body });
  const may = viewPath(body, client.kind === "gitlab" ? "can_push" : "user_can_push");
  return may === true ? "allowed" : may === false ? "refused" : "unknown";
}

async function githubRight(
  client: ForgeClient,
  base: string,
  { name, body }: { readonly name: string; readonly body: Parameters<typeof viewPath>[0] },
): Promise<"allowed" | "refused" | "unknown"> {
  const rules = await client.call({
    method: "GET",
    path: `${base}/rules/branches/${name}`,
    expects: [403, 404],
  });
  const types = isJsonArray(rules.body) ? rules.body.map((rule) => viewString(rule, "type")) : [];
  if (types.includes("pull_request") || types.includes("update")) return "refused";
  // Who may pass by a protection is only told to administrators.
  return viewPath(body, "protected") === false && rules.status === 200 ? "allowed" : "unknown";
}
