import { execFile } from "node:child_process";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { type Forms, startEngineForms } from "#test/render-identity/engines.ts";
import { resolveTools, type Tools } from "#test/render-identity/official.ts";
import type { Engine } from "#test/render-identity/reply.ts";
import type { Figure, Note, Scenario } from "./lib/scenario.ts";
import { percentile, round } from "./lib/scenario.ts";

const corpus = join(import.meta.dirname, "../test/render-corpus");
const run = promisify(execFile);
const maxOutputBytes = 64 << 20;
const warmRenders = Number(process.env["BENCH_RENDERS"] ?? 40);
const executions = 20;
const manyRenders = 10_000;
/** V8 compiles what runs often a second time, and better: from here on a render takes what every later one takes. */
const warmUps = 60;
/** What the design asks for: small and medium inputs, warm. */
const warmGoal = 5;

interface Input {
  readonly name: string;
  readonly what: string;
  readonly directory: string;
  readonly request: object;
  readonly tool: "helm" | "kustomize";
  readonly cli: readonly string[];
  readonly goal: number;
  readonly commit?: Commit;
}

/** What the commit before each render changes: an image's tag. */
interface Commit {
  readonly file: string;
  /** What stands in the file, the tag behind it. */
  readonly before: string;
  readonly tag: string;
}

const helmRequest = { render: "helm", path: "chart", releaseName: "demo", namespace: "apps", values: [] };

const inputs: readonly Input[] = [
  { ...chart("small-4"), name: "helm-small", what: "a chart of 4 templates", goal: warmGoal },
  {
    ...chart("web-app"),
    name: "helm-medium",
    what: "a chart of an application as people write them, 9 templates",
    goal: warmGoal,
  },
  { ...chart("large-64"), name: "helm-large", what: "a chart of 64 templates and 40 helpers", goal: 1 },
  {
    ...overlay("base-and-overlay", "overlay"),
    name: "kustomize-small",
    what: "a base and an overlay, whose image tag a commit has changed",
    goal: warmGoal,
    commit: { file: "overlay/kustomization.yaml", before: 'newTag: "', tag: "2.1" },
  },
  {
    ...overlay("medium-40", "prod"),
    name: "kustomize-medium",
    what: "a base of 40 resources and an overlay of all common kinds, whose image tag a commit has changed",
    goal: warmGoal,
    commit: { file: "prod/kustomization.yaml", before: "newTag: ", tag: "2.3.4" },
  },
  {
    ...overlay("large-500", ""),
    name: "kustomize-large",
    what: "500 resources, of which a commit has changed one",
    goal: 1,
    commit: { file: "r00.yaml", before: "image: busybox:", tag: "1.36" },
  },
];

const forms: readonly Forms[] = ["library", "native"];
const formNames = {
  library: "the WebAssembly library in a thread",
  native: "the native program",
} as const satisfies Record<Forms, string>;

function chart(name: string) {
  const cli = ["template", "demo", "chart", "--namespace", "apps"];
  return { directory: join(corpus, "charts", name), request: helmRequest, tool: "helm", cli } as const;
}

function overlay(name: string, path: string) {
  const request = { render: "kustomize", path, edits: {}, buildOptions: {} };
  const cli = ["build", path === "" ? "." : path];
  return { directory: join(corpus, "overlays", name), request, tool: "kustomize", cli } as const;
}

const limits =
  "The library's interpretation of templates: WebAssembly costs a small factor of native code. What executing costs is starting a process and parsing the tool's own tables.";

export const scenarios: readonly Scenario[] = [
  ...forms.flatMap((form) =>
    inputs.map((input) => ({
      name: `render-warm-${input.name}-${form}`,
      what: `One render of ${input.what} by ${formNames[form]}, warm, median of ${warmRenders}`,
      against: `executing the official ${input.tool} on the same files`,
      goal: input.goal,
      limits,
      measure: (note: Note) => measureWarm(form, input, note),
    })),
  ),
  ...forms.map((form) => ({
    name: `render-cold-${form}`,
    what: `The first render of a chart of 4 templates by ${formNames[form]}, its start included`,
    against: "executing the official helm on the same files",
    goal: 1,
    limits: "Loading the module; it is paid once for each thread.",
    measure: (note: Note) => measureCold(form, note),
  })),
  ...forms.flatMap((form) =>
    [1000, 5000].map((count) => ({
      name: `render-fleet-${count}-${form}`,
      what: `${count} applications of a chart of 4 templates, each with values of its own, by ${formNames[form]} on every core`,
      against: "executing the official helm as often, on every core",
      goal: warmGoal,
      limits,
      measure: (note: Note) => measureFleet(form, count, note),
    })),
  ),
  ...forms.map((form) => ({
    name: `render-memory-${form}`,
    what: `Memory that ${manyRenders} renders of charts and kustomizations leave behind in ${formNames[form]}`,
    against: "the memory after the first hundred, both as the least of a hundred",
    goal: 0.9,
    limits: "The engine's own heap, which it reports after each render and never gives back.",
    measure: (note: Note) => measureMemory(form, note),
  })),
];

async function measureWarm(form: Forms, input: Input, note: Note): Promise<Figure> {
  await using engine = await started(form);
  await using copy = await openCopy(input);
  const tools = await officialTools();
  const render = async () => (await times(1, () => renderOnce(engine, copy.input)))[0] ?? 0;
  const early: number[] = [];
  for (let index = 0; index < warmUps; index += 1) {
    await copy.commit();
    early.push(await render());
  }
  const nth = [1, 5, 10, 20].map((index) => `${index}: ${round(early[index - 1] ?? 0)}`);
  note(`renders before, in ms: ${nth.join(", ")}`);
  const [ours, theirs, strange]: [number[], number[], number[]] = [[], [], []];
  // In turns, so that what else the machine does falls on all.
  for (let index = 0; index < executions; index += 1) {
    for (let turn = 0; turn < warmRenders / executions; turn += 1) {
      await copy.commit();
      ours.push(await render());
    }
    theirs.push(...(await times(1, () => execute(tools, copy.input))));
    if (input.commit === undefined) continue;
    const tenant = `stranger ${index}`;
    const unknown = { ...copy.input, request: { ...copy.input.request, tenant } };
    strange.push(...(await times(1, () => renderOnce(engine, unknown))));
  }
  const [ms, theirMs] = [percentile(ours, 0.5), percentile(theirs, 0.5)];
  if (strange.length > 0) {
    const strangeMs = percentile(strange, 0.5);
    note(
      `where none of the files was read before: ${round(strangeMs)} ms, ratio ${round(theirMs / strangeMs)}`,
    );
  }
  return { value: ms, unit: "ms", ratio: theirMs / ms };
}

/** A copy of the input's directory, for both sides, with commits of a new tag each. */
async function openCopy(input: Input) {
  const directory = await mkdtemp(join(tmpdir(), "mooring-bench-"));
  await cp(input.directory, directory, { recursive: true });
  let commits = 0;
  const commit = async () => {
    if (input.commit === undefined) return;
    const { file, before, tag } = input.commit;
    const text = await readFile(join(input.directory, file), "utf8");
    if (!text.includes(before + tag)) throw new Error(`${input.name}: ${file} has no ${before}${tag}`);
    commits += 1;
    await writeFile(join(directory, file), text.replace(before + tag, `${before}1.0.${commits}`));
  };
  const remove = () => rm(directory, { recursive: true });
  return { input: { ...input, directory }, commit, [Symbol.asyncDispose]: remove };
}

async function measureCold(form: Forms, note: Note): Promise<Figure> {
  const [input] = inputs;
  if (input === undefined) throw new Error("there is no input");
  const tools = await officialTools();
  const theirs = await times(executions, () => execute(tools, input));
  const ours = await times(3, async () => {
    await using engine = await started(form);
    await renderOnce(engine, input);
  });
  note(`executing: ${round(percentile(theirs, 0.5))} ms`);
  const ms = percentile(ours, 0.5);
  return { value: ms, unit: "ms", ratio: percentile(theirs, 0.5) / ms };
}

async function measureFleet(form: Forms, count: number, note: Note): Promise<Figure> {
  const [input] = inputs;
  if (input === undefined) throw new Error("there is no input");
  const lanes = availableParallelism();
  await using stack = new AsyncDisposableStack();
  const engines: Engine[] = [];
  for (let lane = 0; lane < lanes; lane += 1) engines.push(stack.use(await started(form)));
  for (const engine of engines) await times(warmUps, () => renderOnce(engine, input));
  const ours = await inLanes(count, engines, (engine, index) => renderOnce(engine, input, index));
  const tools = await officialTools();
  const sample = executions * lanes;
  const sampled = await inLanes(sample, engines, (_, index) => execute(tools, input, index));
  const theirs = (sampled / sample) * count;
  note(
    `executing helm ${count} times would take ${round(theirs / 1000)} s, as ${sample} executions on ${lanes} cores show`,
  );
  return { value: ours / 1000, unit: "s", ratio: theirs / ours };
}

async function measureMemory(form: Forms, note: Note): Promise<Figure> {
  const [helm, , kustomize] = inputs;
  if (helm === undefined || kustomize === undefined) throw new Error("there is no input");
  await using engine = await started(form);
  // The least of a hundred renders: what lies about until the next collection is no growth.
  let [early, late] = [Infinity, Infinity];
  for (let index = 0; index < manyRenders; index += 1) {
    const heap = await renderOnce(engine, index % 10 === 0 ? kustomize : helm, index);
    if (index >= 100 && index < 200) early = Math.min(early, heap);
    if (index >= manyRenders - 100) late = Math.min(late, heap);
  }
  note(`the engine's heap after 100 renders: ${round(early / 2 ** 20)} MiB`);
  return { value: late / 2 ** 20, unit: "MiB", ratio: early / late };
}

async function started(form: Forms): Promise<Engine> {
  return startEngineForms[form](() => undefined);
}

function officialTools(): Promise<Tools> {
  return resolveTools(() => undefined);
}

/** The engine's heap after the render. */
async function renderOnce(engine: Engine, input: Input, index = 0): Promise<number> {
  const parameters = [{ name: "replicas", value: String(index), forceString: false }];
  const request = input.tool === "helm" && index > 0 ? { ...input.request, parameters } : input.request;
  const outcome = await engine.render(request, { directory: input.directory });
  if (!outcome.ok) throw new Error(`${input.name}: ${outcome.code} ${outcome.message}`);
  return outcome.heapBytes;
}

async function execute(tools: Tools, input: Input, index = 0): Promise<void> {
  const set = input.tool === "helm" && index > 0 ? ["--set", `replicas=${index}`] : [];
  await run(tools[input.tool], [...input.cli, ...set], { cwd: input.directory, maxBuffer: maxOutputBytes });
}

async function times(count: number, work: () => Promise<unknown>): Promise<number[]> {
  const taken: number[] = [];
  for (let index = 0; index < count; index += 1) {
    const startedAt = performance.now();
    await work();
    taken.push(performance.now() - startedAt);
  }
  return taken;
}

/** Does a number of jobs, each lane one after the other; the milliseconds that all of it took. */
async function inLanes(
  count: number,
  engines: readonly Engine[],
  work: (engine: Engine, index: number) => Promise<unknown>,
): Promise<number> {
  const startedAt = performance.now();
  let next = 0;
  const lane = async (engine: Engine) => {
    while (next < count) {
      next += 1;
      await work(engine, next);
    }
  };
  await Promise.all(engines.map(lane));
  return performance.now() - startedAt;
}
