import { MooringError } from "#core/errors/index.ts";

/** Of a repository of GitHub in its API. Throws CONFIG_INVALID for what could lead elsewhere. */
export function pathOf(repository: string): string {
  if (/^[\w.-]+\/[\w.-]+$/u.test(repository)) return repository;
  throw new MooringError(
    "CONFIG_INVALID",
    `repository ${JSON.stringify(repository)}: it is not OWNER/NAME; correct it`,
  );
}
