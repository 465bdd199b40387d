import type { RepositoryAccess } from "#core/repo/access.ts";
import { scrubUrls } from "#core/repo/index.ts";

/** Every secret string of a repository, in each form in which git or a server may repeat it. */
function secretsOf({ credentials, proxyUrl }: RepositoryAccess): readonly string[] {
  const encoded = (secret: string) => [secret, encodeURIComponent(secret)];
  const proxyPassword = /:\/\/[^:@/]*:([^@/]*)@/.exec(proxyUrl ?? "")?.[1];
  const proxy = proxyPassword === undefined ? [] : [proxyPassword];
  switch (credentials.kind) {
    case "none":
      return proxy;
    case "basic":
      return [...proxy, ...encoded(credentials.password), basicToken(credentials)];
    case "bearer":
      return [...proxy, ...encoded(credentials.token)];
    case "ssh":
      return [...proxy, ...keyLines(credentials.privateKey), ...encoded(credentials.passphrase ?? "")];
    case "tls":
      return [...proxy, ...keyLines(credentials.key), ...encoded(credentials.password ?? "")];
    default:
      throw new Error(`unhandled credentials: ${String(credentials satisfies never)}`);
  }
}

function basicToken(credentials: { readonly username: string; readonly password: string }): string {
  return Buffer.from(`${credentials.username}:${credentials.password}`).toString("base64");
}

function keyLines(pem: string): readonly string[] {
  return pem.split(/\r?\n/).filter((line) => line !== "" && !line.startsWith("-----"));
}

/** Text from git or a server made fit for a message: no credentials, no control characters, not endless. */
export function scrub(text: string, repository: RepositoryAccess): string {
  let clean = scrubUrls(text);
  for (const secret of secretsOf(repository)) {
    if (secret !== "") clean = clean.replaceAll(secret, "***");
  }
  const printable = clean.replaceAll(/\p{Cc}/gu, " ");
  const short = printable.replaceAll(/ {2,}/g, " ").trim();
  return short.length > 500 ? `${short.slice(0, 500)}…` : short;
}
