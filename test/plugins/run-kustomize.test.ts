import { chmod, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { messageOf } from "#core/errors/index.ts";
import type { KustomizeRun } from "#plugins/run-kustomize.ts";
import { runKustomize } from "#plugins/run-kustomize.ts";
import { createMemoryTree, type MemoryNode } from "../fixtures/memory-tree.ts";

interface Scripts {
  /** Runs a shell script in the place of another version of Kustomize. */
  run(
    script: string,
    files: Readonly<Record<string, MemoryNode>>,
    more?: Partial<KustomizeRun>,
  ): Promise<string>;
}

const it = test
  // oxlint-disable-next-line no-empty-pattern -- vitest reads the names of fixtures from this pattern
  .extend("scripts", async ({}, { onCleanup }): Promise<Scripts> => {
  const directory = await mkdtemp(join(tmpdir(), "mooring-tool-"));
  onCleanup(() => rm(directory, { recursive: true, force: true }));
  return {
    run: async (script, files, more = {}) => {
      const program = join(directory, "kustomize");
      await writeFile(program, `#!/bin/sh\n${script}\n`);
      await chmod(program, 0o755);
      try {
        const output = await runKustomize({
          version: "v5.0.0",
          program,
          tree: createMemoryTree(files),
          path: "app",
          edits: {},
          options: [],
          maxTreeBytes: 1_000_000,
          limits: { timeoutMs: 3_000, maxMemoryMb: 2_048, maxOutputBytes: 10_000 },
          signal: AbortSignal.timeout(20_000),
          ...more,
        });
        return output.toString();
      } catch (error) {
        return messageOf(error);
      }
    },
  };
});

const files = { "app/kustomization.yaml": "resources: [../base]\n", "base/cm.yaml": "kind: ConfigMap\n" };

describe("another version of Kustomize", () => {
  it("runs in a copy of the repository, with the overrides as edits and nothing of our environment", async ({
    scripts,
  }) => {
    const script =
      'echo "$*" >> ../ran; [ "$1" = build ] || exit 0; cat ../ran; env | cut -d= -f1 | sort | tr "\\n" " "; pwd | sed "s#.*/##"; cat kustomization.yaml ../base/cm.yaml';
    const edits = {
      namePrefix: "p-",
      namespace: "shop",
      images: ["a=b:1", "c:2"],
      replicas: [{ name: "web", count: 3 }],
      commonLabels: { team: "x", a: "b:c" },
      labelWithoutSelector: true,
      patches: [{ patch: "- op: remove\n", target: { kind: "Pod" } }],
      components: ["../base", "../gone"],
      ignoreMissingComponents: true,
    };
    expect(await scripts.run(script, files, { edits, options: ["--enable-helm"] })).toBe(
      [
        "edit set nameprefix -- p-",
        "edit set image -- a=b:1 c:2",
        "edit set replicas -- web=3",
        "edit add label --without-selector -- a:b:c team:x",
        "edit set namespace -- shop",
        "edit add component -- ../base",
        "build . --enable-helm",
        "HOME PATH PWD TMPDIR app",
        "resources:",
        "  - ../base",
        "patches:",
        "  - patch: |",
        "      - op: remove",
        "    target:",
        "      kind: Pod",
        "kind: ConfigMap",
        "",
      ].join("\n"),
    );
  });

  it("that fails, hangs, prints without end or cannot be started is an error that says so", async ({
    scripts,
  }) => {
    expect(await scripts.run('echo "no such base $PWD/x" >&2; exit 1', files)).toBe(
      "kustomize v5.0.0: ended with 1: no such base /app/x",
    );
    expect(await scripts.run("sleep 100 & wait", files)).toBe(
      "kustomize v5.0.0: took longer than 3000 ms; make it faster, or raise the limit",
    );
    expect(await scripts.run("yes", files)).toBe(
      "kustomize v5.0.0: printed more than the limit of 10000 bytes",
    );
    expect(await scripts.run("", files, { program: "/nowhere/kustomize" })).toMatch(
      /^kustomize v5\.0\.0: ended with 127: .*not found/u,
    );
    expect(await scripts.run("", files, { program: "kustomize" })).toBe(
      "ConfigMap argocd-cm: kustomize.path.v5.0.0: kustomize is not an absolute path; write the program's full path",
    );
  });

  it("gets no link that leads out of the repository, and leaves no scratch directory", async ({
    scripts,
  }) => {
    const before = await scratches();
    expect(await scripts.run("cat l", { "app/l": { symlink: "../../../../etc/passwd" } })).toBe(
      "app/l: symbolic link leads out of the repository; replace it by a copy of the file",
    );
    expect(await scripts.run("cat l", { "app/l": { symlink: "/etc/passwd" } })).toBe(
      "app/l: symbolic link leads out of the repository; replace it by a copy of the file",
    );
    expect(await scripts.run("cat l", { "app/l": { symlink: "../b" }, b: "inside" })).toBe("inside");
    // Where a file system goes up from the directory that `top` leads to, it has left the repository.
    const around = { "app/d/top": { symlink: "../.." }, "app/d/x": "inside" };
    expect(await scripts.run("cat l", { ...around, "app/l": { symlink: "d/top/../x" } })).toBe("inside");
    expect(await scripts.run("true", { "app/a": "a".repeat(900_000), "app/b": "b".repeat(900_000) })).toBe(
      "app/b: the files of the repository are together larger than the limit of 1000000 bytes; raise the limit, or do without an own version of the tool",
    );
    expect(await scratches()).toEqual(before);
  });
});

async function scratches(): Promise<readonly string[]> {
  return (await readdir(tmpdir())).filter((name) => name.startsWith("mooring-kustomize-"));
}
