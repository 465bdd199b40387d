import { webAddress } from "./web-address.ts";

const paths: Readonly<Record<string, string>> = { github: "commit", gitlab: "-/commit", gitea: "commit" };

/** Where a forge shows a commit; undefined where it is not known which forge has the repository. */
export function commitAddress(repoURL: string, commit: string, forge?: string): string | undefined {
  const kind = forge ?? kindOf(repoURL);
  const path = kind === undefined ? undefined : paths[kind];
  const address = webAddress(repoURL.replace(/\/$/u, "").replace(/\.git$/u, ""));
  if (path === undefined || address === undefined || !/^[0-9a-f]{40,64}$/u.test(commit)) return undefined;
  const url = new URL(address);
  // Credentials that somebody wrote into it are nobody's business.
  url.username = "";
  url.password = "";
  url.search = "";
  url.hash = "";
  return `${url.href}/${path}/${commit}`;
}

function kindOf(repoURL: string): string | undefined {
  const host = URL.parse(repoURL)?.hostname;
  return host === "github.com" ? "github" : host === "gitlab.com" ? "gitlab" : undefined;
}
