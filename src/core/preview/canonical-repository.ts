import { isMooringError } from "#core/errors/index.ts";
import { parseRepositoryUrl, repositoryMatchKey } from "#core/repo/index.ts";

const maxChars = 4_096;

/**
 * What two URLs of one repository have in common, whether it is reached by HTTP or SSH and whoever logs in: host and path in lower
 * case. A change is compared only with what is here, so that two that differ in case are looked at together does no harm.
 */
export function canonicalRepository(url: string): string {
  // No address is that long.
  if (url.length > maxChars) return url;
  try {
    const { transport, host, path } = parseRepositoryUrl(url);
    const place = path.replaceAll(/^\/+|\/+$/gu, "").replace(/\.git$/u, "");
    return transport === "file" ? `file:///${place}` : `${host}/${place}`.toLowerCase();
  } catch (error) {
    if (isMooringError(error)) return repositoryMatchKey(url);
    throw error;
  }
}
