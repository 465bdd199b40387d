import { describe, expect, it } from "vitest";
import { createMemoryFetcher } from "#test/fixtures/memory-fetcher.ts";
import type { MemoryTree } from "#test/fixtures/memory-tree.ts";
import { createMemoryTree } from "#test/fixtures/memory-tree.ts";
import type { Files } from "#test/fixtures/render-requests.ts";
import { createFileAnswers } from "./answer-files.ts";
import { encodeMessage } from "./engine-message.ts";
import { resolveRendererOptions } from "./options.ts";
import type { FileQuestion } from "./protocol.ts";
import { openSourceView } from "./source-view.ts";
import type { Trace } from "./trace.ts";
import { traceStands } from "./trace.ts";

const signal = new AbortController().signal;
const { limits } = resolveRendererOptions({});
const url = "https://git.example.com/bases.git";
const fetcher = createMemoryFetcher({ [url]: { "a.yaml": "1" } });

interface World {
  readonly tree: MemoryTree;
  readonly values: MemoryTree;
}

const viewOf = ({ tree, values }: World) => openSourceView(tree, [{ name: "values", tree: values }]);

async function traceOf(world: World, questions: readonly FileQuestion[]): Promise<Trace> {
  const view = viewOf(world);
  const root = await view.stat("app", signal);
  const answers = createFileAnswers({ view, root, fetcher, limits });
  for (const question of questions) await answers.answer(question, signal);
  return answers.trace();
}

const stands = (trace: Trace, world: World, remotes = fetcher) =>
  traceStands(trace, { view: viewOf(world), path: "app", fetcher: remotes, signal });

const files: Files = {
  "app/a.yaml": "1",
  "app/sub/b.yaml": "1",
  "base/c.yaml": "1",
  "base/sub/d.yaml": "1",
  "link/base": { symlink: "../base" },
};
const worldOf = (changed: Files = {}, values: Files = { "prod.yaml": "1", "test.yaml": "1" }): World => ({
  tree: createMemoryTree({ ...files, ...changed }),
  values: createMemoryTree(values),
});
const engine = (question: object): FileQuestion => ({ kind: "engine", message: encodeMessage(question) });

describe("what a render looked at", () => {
  it.each<[string, FileQuestion, { readonly now: World; readonly stands: boolean }]>([
    [
      "a walked directory",
      engine({ ask: "walk", path: "base" }),
      { now: worldOf({ "base/sub/d.yaml": "2" }), stands: false },
    ],
    [
      "beside it",
      engine({ ask: "walk", path: "base/sub" }),
      { now: worldOf({ "base/c.yaml": "2" }), stands: true },
    ],
    [
      "a file that begins to exist",
      engine({ ask: "read", path: "base/new.yaml" }),
      { now: worldOf({ "base/new.yaml": "1" }), stands: false },
    ],
    [
      "a link on the way",
      engine({ ask: "read", path: "link/base/c.yaml" }),
      { now: worldOf({ "link/base": { symlink: "../app" } }), stands: false },
    ],
    [
      "what a link on the way leads to",
      engine({ ask: "read", path: "link/base/c.yaml" }),
      { now: worldOf({ "base/c.yaml": "2" }), stands: false },
    ],
    [
      "names in a directory",
      engine({ ask: "list", path: "base" }),
      { now: worldOf({ "base/e.yaml": "1" }), stands: false },
    ],
    [
      "not what they hold",
      engine({ ask: "list", path: "base" }),
      { now: worldOf({ "base/c.yaml": "2" }), stands: true },
    ],
    [
      "a file of another repository",
      engine({ ask: "read", path: ".git/mounts/values/prod.yaml" }),
      { now: worldOf({}, { "prod.yaml": "2" }), stands: false },
    ],
    [
      "not the file beside it",
      engine({ ask: "read", path: ".git/mounts/values/prod.yaml" }),
      { now: worldOf({}, { "prod.yaml": "1", "test.yaml": "2" }), stands: true },
    ],
    [
      "nothing of its own directory",
      engine({ ask: "stat", path: "base" }),
      { now: worldOf({ "app/a.yaml": "2" }), stands: true },
    ],
  ])("is found changed or standing: %s", async (_, question, expected) => {
    const trace = await traceOf(worldOf(), [question]);
    expect(await stands(trace, worldOf())).toBe(true);
    expect(await stands(trace, expected.now)).toBe(expected.stands);
  });

  it("stands by one look at a directory that is unchanged as a whole", async () => {
    const trace = await traceOf(worldOf(), [
      engine({ ask: "walk", path: "base" }),
      engine({ ask: "read", path: "base/c.yaml" }),
      engine({ ask: "read", path: "base/sub/d.yaml" }),
      engine({ ask: "read", path: "app/a.yaml" }),
    ]);
    const world = worldOf({ "beside.txt": "" });
    expect(await stands(trace, world)).toBe(true);
    expect(world.tree.calls).toEqual(["stat app", "stat base"]);
  });

  it("is not proven by the root of the repository when it lies in a mount", async () => {
    const world = worldOf();
    const view = viewOf(world);
    const root = await view.stat("", signal);
    const answers = createFileAnswers({ view, root, fetcher, limits });
    await answers.answer(engine({ ask: "read", path: ".git/mounts/values/prod.yaml" }), signal);
    const check = (changed: World) =>
      traceStands(answers.trace(), { view: viewOf(changed), path: "", fetcher, signal });
    expect(await check(world)).toBe(true);
    expect(await check({ ...world, values: createMemoryTree({ "prod.yaml": "2" }) })).toBe(false);
  });

  it("elsewhere stands while its id does, and nothing below it is looked up", async () => {
    const source = { kind: "git", url, revision: "main" } as const;
    const trace = await traceOf(worldOf(), [{ kind: "mount", source }, engine({ ask: "mount", source })]);
    expect(trace.entries).toHaveLength(1);
    const moved = createMemoryFetcher({ [url]: { "a.yaml": "2" } });
    expect([await stands(trace, worldOf()), await stands(trace, worldOf(), moved)]).toEqual([true, false]);
    expect(
      await traceStands(trace, { view: viewOf(worldOf()), path: "app", fetcher: undefined, signal }),
    ).toBe(false);
    const gone = createMemoryFetcher({});
    await expect(stands(trace, worldOf(), gone)).rejects.toMatchObject({ code: "GIT_NOT_FOUND" });
  });

  it("is not asked for elsewhere when a file already differs", async () => {
    const source = { kind: "git", url, revision: "main" } as const;
    const trace = await traceOf(worldOf(), [
      { kind: "mount", source },
      engine({ ask: "read", path: "base/c.yaml" }),
    ]);
    const remotes = createMemoryFetcher({ [url]: { "a.yaml": "1" } });
    expect(await stands(trace, worldOf({ "base/c.yaml": "2" }), remotes)).toBe(false);
    expect(remotes.calls).toEqual([]);
  });
});
