import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { RenderTool } from "#test/official-tools/tools.ts";

/** One render: what our engine is asked, and the command line of the official tool that means the same. */
export interface Case {
  readonly name: string;
  readonly tool: RenderTool;
  /** The request of docs/spec/render-engine.md, without clock and limits. */
  readonly request: Readonly<Record<string, unknown>>;
  /** Arguments after `helm template`, `kustomize build` or `jsonnet`; `$HELM` stands for the official helm. */
  readonly cli: readonly string[];
  /** Commands of the official tool that run first, on a copy of the tree. */
  readonly prepare: readonly (readonly string[])[];
  readonly fails: boolean;
  /** Why our engine refuses, on purpose, what the official tool renders. */
  readonly refused?: string;
  /** What both error messages must name; of a refusal, ours. */
  readonly words: readonly string[];
  /** Regular expressions of what may differ, because it is random, told by the clock or of the build. */
  readonly mask: readonly string[];
}

/** A tree of files and its cases. */
export interface Entry {
  readonly name: string;
  readonly directory: string;
  readonly cases: readonly Case[];
}

const corpus = join(import.meta.dirname, "../render-corpus");

const folders: readonly { readonly folder: string; readonly tool: RenderTool }[] = [
  { folder: "charts", tool: "helm" },
  { folder: "overlays", tool: "kustomize" },
  { folder: "jsonnet", tool: "jsonnet" },
];

/** Every tree of the corpus, in the order of their names. */
export function readCorpus(): readonly Entry[] {
  return folders.flatMap(({ folder, tool }) =>
    readdirSync(join(corpus, folder))
      .toSorted()
      .map((name) => readEntry(`${folder}/${name}`, tool)),
  );
}

interface WrittenCase {
  readonly name: string;
  readonly path?: string;
  readonly args?: object;
  readonly request?: { readonly path: string };
  readonly cli: readonly string[];
  readonly prepare?: readonly (readonly string[])[];
  readonly edits?: readonly (readonly string[])[];
  readonly fails?: boolean;
  readonly refused?: string;
  readonly words?: readonly string[];
  readonly nondeterministic?: string;
  readonly mask?: readonly string[];
}

function readEntry(name: string, tool: RenderTool): Entry {
  const directory = join(corpus, name);
  const written = JSON.parse(readFileSync(join(directory, "cases.json"), "utf8")) as readonly WrittenCase[];
  return { name, directory, cases: written.map((one) => readCase(one, tool)) };
}

function readCase(one: WrittenCase, tool: RenderTool): Case {
  if ((one.nondeterministic === undefined) !== (one.mask === undefined)) {
    throw new Error(
      `${one.name}: what is masked needs its reason in nondeterministic, and the reason a mask`,
    );
  }
  const path = one.path ?? "chart";
  return {
    name: one.name,
    tool,
    request: { render: tool, ...(one.args === undefined ? one.request : { path, ...one.args }) },
    cli: one.cli,
    prepare: [...(one.prepare ?? []), ...(one.edits ?? []).map((edit) => ["edit", ...edit])],
    fails: one.fails ?? false,
    ...(one.refused === undefined ? {} : { refused: one.refused }),
    words: (one.words ?? []).filter((word) => word !== ""),
    mask: one.mask ?? [],
  };
}
