import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { messageOf } from "#core/errors/index.ts";
import { createPluginRunner } from "#plugins/create-plugin-runner.ts";
import type { PluginRun } from "#ports/plugin-runner.ts";
import { createMemoryTree } from "../fixtures/memory-tree.ts";
import { type PluginConfig, startSidecar } from "./sidecar.ts";

interface Sidecars {
  readonly directory: string;
  start(name: string, config: PluginConfig): Promise<AsyncDisposable>;
  run(files: Parameters<typeof createMemoryTree>[0], more?: Partial<PluginRun>): Promise<string>;
}

const it = test
  // oxlint-disable-next-line no-empty-pattern -- vitest reads the names of fixtures from this pattern
  .extend("sidecars", async ({}, { onCleanup }): Promise<Sidecars> => {
  const directory = await mkdtemp(join(tmpdir(), "mooring-plugins-"));
  const stack = new AsyncDisposableStack();
  onCleanup(async () => {
    await stack.disposeAsync();
    await rm(directory, { recursive: true, force: true });
  });
  const runner = createPluginRunner({
    socketDirectory: directory,
    timeoutMs: 5_000,
    maxArchiveBytes: 100_000,
  });
  return {
    directory,
    start: async (name, config) => stack.use(await startSidecar(join(directory, `${name}.sock`), config)),
    run: async (files, more = {}) => {
      const signal = AbortSignal.timeout(20_000);
      try {
        const output = await runner.run({
          tree: createMemoryTree(files),
          path: "app",
          plugin: "",
          appName: "shop",
          env: [],
          signal,
          ...more,
        });
        return `${output.plugin}: ${output.manifests.join("")}`;
      } catch (error) {
        return messageOf(error);
      }
    },
  };
});

describe("a plugin's sidecar", () => {
  it("gets the whole repository and runs in the application's directory", async ({ sidecars }) => {
    await sidecars.start("show", {
      generate:
        'cat values.txt ../shared/base.txt; echo "$ARGOCD_APP_NAME $ARGOCD_ENV_COLOR"; ls -l run.sh | cut -c1-10; readlink link',
    });
    const long = `app/${"directory-with-a-long-name/".repeat(6)}ünïcode.txt`;
    const files = {
      "app/values.txt": "values\n",
      "app/run.sh": { executable: "true" },
      "app/link": { symlink: "values.txt" },
      [long]: "deep",
      "shared/base.txt": "base\n",
    };
    const env = [
      { name: "ARGOCD_APP_NAME", value: "shop" },
      { name: "ARGOCD_ENV_COLOR", value: "red" },
    ];
    expect(await sidecars.run(files, { plugin: "show", env })).toBe(
      "show: values\nbase\nshop red\n-rwxr-xr-x\nvalues.txt\n",
    );
    await sidecars.start("deep", { generate: "find . -name '*code.txt' -exec cat {} +" });
    expect(await sidecars.run(files, { plugin: "deep" })).toBe("deep: deep");
  });

  it("that goes away after its answer does not end the process", async ({ sidecars }) => {
    await sidecars.start("brief", { fileName: "a", generate: "echo brief", goesAway: true });
    for (let run = 0; run < 20; run++) {
      expect(await sidecars.run({ "app/a": "" }, { plugin: "brief" })).toBe("brief: brief\n");
    }
  });

  it("is found by its discovery rules, and asked for them even when it is named", async ({ sidecars }) => {
    await sidecars.start("a-silent", { generate: "echo silent" });
    await sidecars.start("b-other", { fileName: "other.*", generate: "echo other" });
    await sidecars.start("c-fitting", { fileName: "fitting.*", generate: "echo fitting" });
    const files = { "app/fitting.yaml": "" };
    expect(await sidecars.run(files)).toBe("c-fitting: fitting\n");
    expect(await sidecars.run(files, { plugin: "a-silent" })).toBe("a-silent: silent\n");
    expect(await sidecars.run(files, { plugin: "b-other" })).toBe(
      "plugin b-other: its discovery rules do not match app; correct source.path, or the plugin's rules",
    );
    expect(await sidecars.run({ "app/none": "" })).toBe(
      "app: no plugin's discovery rules match it; name one in source.plugin.name (there are a-silent, b-other, c-fitting)",
    );
  });

  it("that is not there, or is dead, is an error that names it", async ({ sidecars }) => {
    expect(await sidecars.run({ "app/a": "" }, { plugin: "gone" })).toBe(
      "plugin gone: no sidecar of this name listens; correct source.plugin.name, or install the plugin (there are none)",
    );
    await writeFile(join(sidecars.directory, "dead.sock"), "");
    expect(await sidecars.run({ "app/a": "" }, { plugin: "dead" })).toMatch(
      /^plugin dead: its sidecar does not answer \(.*\); look at its container$/u,
    );
  });

  it("whose command fails says what the command said", async ({ sidecars }) => {
    await sidecars.start("broken", { generate: "echo no such chart >&2; exit 3" });
    expect(await sidecars.run({ "app/a": "" }, { plugin: "broken" })).toBe(
      "plugin broken: `echo no such chart >&2; exit 3` failed: no such chart",
    );
  });

  it("that hangs is ended, and one that comes back is used again", async ({ sidecars }) => {
    await sidecars.start("slow", { generate: "sleep 60" });
    expect(await sidecars.run({ "app/a": "" }, { plugin: "slow" })).toBe(
      "plugin slow: gave no answer in time; make it faster, or raise the limit",
    );
    const restarted = await sidecars.start("again", { generate: "echo first" });
    expect(await sidecars.run({ "app/a": "" }, { plugin: "again" })).toBe("again: first\n");
    await restarted[Symbol.asyncDispose]();
    await rm(join(sidecars.directory, "again.sock"), { force: true });
    await sidecars.start("again", { generate: "echo second" });
    expect(await sidecars.run({ "app/a": "" }, { plugin: "again" })).toBe("again: second\n");
  });

  it("is not sent a repository beyond the limit", async ({ sidecars }) => {
    await sidecars.start("any", { generate: "true" });
    expect(
      await sidecars.run({ "app/a": "a".repeat(60_000), b: "b".repeat(60_000) }, { plugin: "any" }),
    ).toBe(
      "b: the files for the plugin are together larger than the limit of 100000 bytes; exclude some of them, or raise the limit",
    );
  });
});
