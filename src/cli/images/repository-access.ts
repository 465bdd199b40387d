import path from "node:path";
import type { RepositoryAccess, RepositoryCredentials } from "#core/repo/index.ts";
import { parseRepositoryUrl } from "#core/repo/index.ts";
import type { SigningKey } from "#ports/git-writer.ts";
import type { Flags, FlagValues } from "../command.ts";
import type { CliPorts } from "../ports.ts";
import { readIfThere, readText } from "../read-text.ts";
import { usageError } from "../usage-error.ts";

/** How a repository is written to. */
export const accessFlags = {
  "signing-key": {
    type: "string",
    value: "FILE",
    description:
      "Private key to sign the commit with: armored PGP (its passphrase from MOORING_SIGNING_PASSPHRASE) or SSH",
  },
  propose: {
    type: "string",
    choices: ["github", "gitlab", "gitea"],
    description:
      "Ask for the pushed branch to be merged: keeps one pull request, with the job's GITHUB_TOKEN, GITLAB_TOKEN or GITEA_TOKEN (gitea is Forgejo, too)",
  },
  username: {
    type: "string",
    value: "NAME",
    description: "User name for HTTPS; the password comes from MOORING_REPO_PASSWORD",
  },
  "ssh-private-key-path": { type: "string", value: "FILE", description: "SSH private key" },
  "ssh-known-hosts": {
    type: "string",
    value: "FILE",
    description: "Known hosts; ~/.ssh/known_hosts by default",
  },
  "insecure-skip-server-verification": {
    type: "boolean",
    description: "Check neither certificate nor host key",
  },
} as const satisfies Flags;

export type AccessValues = FlagValues<typeof accessFlags>;

/** The key of --signing-key. */
export async function signingKeyOf(given: AccessValues, ports: CliPorts): Promise<SigningKey | undefined> {
  const file = given["signing-key"];
  if (file === undefined) return undefined;
  return { key: await readText(file, ports), passphrase: ports.env["MOORING_SIGNING_PASSPHRASE"] };
}

/** A repository with the credentials of flags and environment. Throws CLI_USAGE. */
export async function repositoryAccess(
  repo: string,
  given: AccessValues,
  ports: CliPorts,
): Promise<RepositoryAccess> {
  const url = parseRepositoryUrl(repo);
  const isSsh = url.transport === "ssh";
  return {
    url: repo,
    credentials: await credentialsOf(given, ports),
    insecureSkipVerify: given["insecure-skip-server-verification"] === true,
    ...(isSsh ? { sshKnownHosts: await knownHosts(given, ports) } : {}),
  };
}

async function credentialsOf(given: AccessValues, ports: CliPorts): Promise<RepositoryCredentials> {
  const { username, "ssh-private-key-path": keyPath } = given;
  if (keyPath !== undefined) return { kind: "ssh", privateKey: await readText(keyPath, ports) };
  const password = ports.env["MOORING_REPO_PASSWORD"];
  if (password !== undefined) return { kind: "basic", username: username ?? "git", password };
  const token = ports.env["MOORING_REPO_BEARER_TOKEN"];
  if (token !== undefined) return { kind: "bearer", token };
  if (username !== undefined)
    throw usageError("flag --username: the password comes from MOORING_REPO_PASSWORD; set it");
  return { kind: "none" };
}

/** A host that is not among them is refused when it is met, with what to do. */
async function knownHosts(given: AccessValues, ports: CliPorts): Promise<string> {
  const named = given["ssh-known-hosts"];
  if (named !== undefined) return await readText(named, ports);
  const home = ports.env["HOME"];
  if (home === undefined) return "";
  return (await readIfThere(path.join(home, ".ssh", "known_hosts"), ports)) ?? "";
}
