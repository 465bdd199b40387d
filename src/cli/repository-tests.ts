import type { RepositoryConfig, RepositorySettings } from "#core/repo/index.ts";
import { resolveRegistryAccess, resolveRepositoryAccess } from "#core/repo/index.ts";
import type { CliPorts } from "./ports.ts";

/** Asks repositories of every kind whether they can be reached; what is needed for it is started when it is first needed. */
export interface RepositoryTests extends AsyncDisposable {
  /** Throws what is wrong. */
  test(settings: RepositorySettings, config: RepositoryConfig): Promise<void>;
}

function once<T>(start: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | undefined;
  return () => (running ??= start());
}

export function openRepositoryTests(ports: CliPorts): RepositoryTests {
  const started = new AsyncDisposableStack();
  const git = once(async () => started.use(await ports.startGit()));
  const registry = once(async () => started.use(await ports.startRegistry()));
  return {
    test: async ({ type, url, project }, config) => {
      const scope = project === "" ? undefined : project;
      if (type === "git") {
        await (await git()).test(resolveRepositoryAccess(url, scope, config), ports.signal);
      } else {
        await (await registry()).test(resolveRegistryAccess(url, scope, config), ports.signal);
      }
    },
    [Symbol.asyncDispose]: async () => await started.disposeAsync(),
  };
}
