import { MooringError } from "#core/errors/index.ts";
import type { Pipeline } from "#core/promotion/index.ts";
import { parseRepositoryUrl } from "#core/repo/index.ts";

export interface PipelineForge {
  readonly kind: NonNullable<Pipeline["forge"]>["kind"];
  readonly apiUrl: string;
  /** `owner/name`, as the forge knows it. */
  readonly repository: string;
}

const apiPath = { github: "/api/v3", gitlab: "/api/v4", gitea: "/api/v1" } as const;

/** Where a repository is on the Pipeline's forge; undefined where it names none. Throws CONFIG_INVALID for an address without TLS. */
export function forgePlaceOf(
  { forge, namespace, name }: Pipeline,
  repoUrl: string,
  hubNamespace: string,
): PipelineForge | undefined {
  if (forge === undefined) return undefined;
  const { host, path } = parseRepositoryUrl(repoUrl);
  const usual = host === "github.com" ? "https://api.github.com" : `https://${host}${apiPath[forge.kind]}`;
  const apiUrl = forge.apiURL ?? usual;
  // Whoever runs the control plane may have a forge inside; a tenant's token is not sent in the clear.
  if (namespace !== hubNamespace && !apiUrl.startsWith("https://")) {
    const subject = `Pipeline/${namespace}/${name}`;
    throw new MooringError("CONFIG_INVALID", `${subject}: spec.forge.apiURL is ${apiUrl}; use https`);
  }
  const repository = path.replace(/^\/+|\/+$/gu, "").replace(/\.git$/u, "");
  return { kind: forge.kind, apiUrl, repository };
}
