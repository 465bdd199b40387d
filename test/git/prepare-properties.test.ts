import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import fc from "fast-check";
import { expect, it } from "vitest";
import type { TestRepository } from "#test/git-servers/index.ts";
import { commitOf, prepared, setUpShop } from "./fixture.ts";

const run = promisify(execFile);

const content = fc
  .array(fc.constantFrom("a", "b", "c", "d"), { maxLength: 6 })
  .map((lines) => lines.join("\n"));
const path = fc.constantFrom("env/a.yaml", "env/run.sh", "env/deep/b.yaml", "c.yaml", "d.yaml");
const edit = fc.dictionary(
  path,
  fc.oneof({ weight: 3, arbitrary: content }, { weight: 1, arbitrary: fc.constant(null) }),
  {
    minKeys: 1,
    maxKeys: 3,
  },
);

it("restores the tree that git revert makes of all commits in between", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 6 }), async (edits) => {
      const { directory, repository, first, branches, access } = await setUpShop({
        "c.yaml": "a\nb",
        "keep.yaml": "k",
      });
      for (const files of edits) await repository.change(files);
      const ours = await repository.git("rev-parse", "main");
      const done = await branches.prepareRestore(access, {
        ...prepared,
        ours,
        contentOf: first,
        message: () => "Undo",
      });
      const clone = join(directory, "clone");
      await run("git", ["clone", "--quiet", repository.directory, clone]);
      const git = async (...args: readonly string[]) =>
        (await run("git", ["-C", clone, ...args])).stdout.trim();
      await git("revert", "--no-commit", `${first}..${ours}`);
      const tree = await git("write-tree");
      if (done === undefined) return expect(tree).toBe(await git("rev-parse", `${ours}^{tree}`));
      await branches.push(access, {
        branch: "undone",
        expected: undefined,
        to: done.commit,
        signal: prepared.signal,
      });
      expect(await repository.git("rev-parse", "undone^{tree}")).toBe(tree);
      expect(done.undone.commits).toHaveLength(edits.length);
    }),
    { numRuns: 8 },
  );
});

interface Step {
  readonly side: "left" | "right";
  readonly line: number;
  readonly text: string;
  /** Merges the other side in, as it was so many commits ago. */
  readonly across: number | undefined;
}

const step: fc.Arbitrary<Step> = fc.record({
  side: fc.constantFrom("left", "right"),
  line: fc.nat({ max: 29 }),
  text: fc.constantFrom("x", "y", ""),
  across: fc.option(fc.nat({ max: 1 }), { nil: undefined }),
});

/** Lines far enough from each other that most changes merge. */
function lines(marks: ReadonlyMap<number, string>): string {
  return Array.from({ length: 120 }, (_, at) => `${at} ${marks.get(at) ?? ""}`).join("\n");
}

/** Two branches whose commits merge each other across; gives their tips. */
async function weave(
  repository: TestRepository,
  { steps, first, file }: { readonly steps: readonly Step[]; readonly first: string; readonly file: string },
): Promise<{ readonly left: string; readonly right: string }> {
  const git = async (...args: readonly string[]) => await repository.git(...args);
  const sides = { left: [first], right: [first] };
  const write = async (text: string, type: string) => {
    await writeFile(file, text);
    return await git("hash-object", "-w", "-t", type, file);
  };
  for (const [index, { side, line, text, across }] of steps.entries()) {
    const other = sides[side === "left" ? "right" : "left"];
    const own = sides[side].at(-1) ?? first;
    const merged = across === undefined ? undefined : other.at(-1 - across);
    let tree = "";
    if (merged === undefined) {
      const before = await git("show", `${own}:f`);
      const after = before
        .split("\n")
        .with(line * 4, `${line * 4} ${text}`)
        .join("\n");
      const blob = await write(after, "blob");
      await git("read-tree", own);
      await git("update-index", "--add", "--cacheinfo", `100644,${blob},f`);
      tree = await git("write-tree");
    } else tree = await mergedTree(repository.directory, own, merged);
    const who = `A <a@b> ${1_700_000_000 + index * 60} +0000`;
    const parents = [own, ...(merged === undefined ? [] : [merged])]
      .map((each) => `parent ${each}\n`)
      .join("");
    const raw = `tree ${tree}\n${parents}author ${who}\ncommitter ${who}\n\n${index}\n`;
    sides[side].push(await write(raw, "commit"));
  }
  const tips = { left: sides.left.at(-1) ?? first, right: sides.right.at(-1) ?? first };
  await git("update-ref", "refs/heads/left", tips.left);
  await git("update-ref", "refs/heads/right", tips.right);
  return tips;
}

/** What git makes of both, with marks where they conflict. */
async function mergedTree(directory: string, ours: string, theirs: string): Promise<string> {
  const { tree } = await mergeByGit(directory, ours, theirs);
  return tree;
}

async function mergeByGit(directory: string, ours: string, theirs: string) {
  const args = [
    "--git-dir",
    directory,
    "merge-tree",
    "--write-tree",
    "--name-only",
    "--no-messages",
    ours,
    theirs,
  ];
  const { stdout, isClean } = await run("git", args).then(
    (done) => ({ stdout: done.stdout, isClean: true }),
    (error: { stdout: string }) => ({ stdout: error.stdout, isClean: false }),
  );
  const [tree = "", ...conflicted] = stdout.trim().split("\n");
  return { tree, isClean, conflicted };
}

it("merges as git does with the whole history, however often branches merged each other", async () => {
  const seen = { clean: 0, conflicts: 0, across: 0 };
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 10 }), async (steps) => {
      const { directory, repository, first, branches, access } = await setUpShop({ f: lines(new Map()) });
      const { left, right } = await weave(repository, { steps, first, file: join(directory, "object") });
      const bases = await repository.git("merge-base", "--all", left, right);
      if (bases.includes("\n")) seen.across += 1;
      const expected = await mergeByGit(repository.directory, left, right);
      const outcome = await branches.prepareMerge(access, { ...prepared, ours: left, theirs: right });
      if (!expected.isClean) {
        seen.conflicts += 1;
        expect(outcome).toEqual({ conflicts: [{ path: "f", kind: "contents" }] });
        return;
      }
      seen.clean += 1;
      const commit = commitOf(outcome);
      const root = await branches.treeAt(access, { commit, path: "", signal: prepared.signal });
      expect(root).toBe(expected.tree);
    }),
    {
      numRuns: 12,
      // Criss-cross: each merged what the other was before it merged, and takes back its own change. With either base alone one comes back.
      examples: [
        [
          [
            { side: "left", line: 1, text: "x", across: undefined },
            { side: "right", line: 9, text: "y", across: undefined },
            { side: "left", line: 0, text: "x", across: 0 },
            { side: "right", line: 0, text: "x", across: 1 },
            { side: "left", line: 1, text: "", across: undefined },
            { side: "right", line: 9, text: "", across: undefined },
          ],
        ],
      ],
    },
  );
  expect(seen.clean).toBeGreaterThan(0);
  expect(seen.across).toBeGreaterThan(0);
});
