import { MooringError } from "#core/errors/index.ts";

/** Of a repository of GitHub or Gitea in its API. Throws CONFIG_INVALID for what could lead elsewhere. */
export function pathOf(repository: string): string {
  const steps = repository.split("/");
  const isPlain = /^[\w.-]+\/[\w.-]+$/u.test(repository) && !steps.some((step) => /^\.+$/u.test(step));
  if (isPlain) return repository;
  throw new MooringError(
    "CONFIG_INVALID",
    `repository ${JSON.stringify(repository)}: it is not OWNER/NAME; correct it`,
  );
}
