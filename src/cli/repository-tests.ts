import type { RepositoryConfig, RepositorySettings } from "#core/repo/index.ts";
import { testRepository } from "#engine/test-repository.ts";
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
    test: async (settings, repositories) =>
      await testRepository(settings, { repositories, git, registry, signal: ports.signal }),
    [Symbol.asyncDispose]: async () => await started.disposeAsync(),
  };
}
