import { availableParallelism } from "node:os";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Case, type Entry, readCorpus } from "./cases.ts";
import { difference } from "./compare.ts";
import { startEngineForms } from "./engines.ts";
import { type Official, resolveTools, runOfficial } from "./official.ts";
import type { Engine, Outcome } from "./reply.ts";

const corpus = readCorpus();
const officials = new Map<Case, Official>();
const counts = new Map<string, { same: number; masked: number; failed: number; handedOver: number }>();
let engines: Record<keyof typeof startEngineForms, Engine>;

const say = (line: string) => void process.stderr.write(`render identity: ${line}\n`);

beforeAll(async () => {
  const native = await startEngineForms.native(say);
  const library = await startEngineForms.library();
  engines = { native, library, jsonnet: await startEngineForms.jsonnet() };
  const tools = await resolveTools(say);
  const waiting = corpus.flatMap((entry) => entry.cases.map((one) => ({ entry, one })));
  const work = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      officials.set(next.one, await runOfficial(tools, next.entry, next.one));
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
}, 1_200_000);

afterAll(async () => {
  for (const [name, { same, masked, failed, handedOver }] of counts) {
    const rest = handedOver === 0 ? "" : `, ${handedOver} left to the WebAssembly library`;
    say(
      `${name}: ${same} identical, ${masked} identical but for what is random, ${failed} failing alike${rest}`,
    );
  }
  for (const engine of Object.values(engines)) await engine[Symbol.asyncDispose]();
});

async function differences(engine: Engine, entry: Entry): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const one of entry.cases) {
    const official = officials.get(one);
    if (official === undefined) throw new Error(`${entry.name} ${one.name}: was not run`);
    const outcome = await engine.render(one.request, { directory: entry.directory });
    const handedOver = !outcome.ok && outcome.code === "RENDER_ENGINE_FALLBACK";
    const differs = handedOver ? undefined : difference(one, official, outcome);
    if (differs === undefined) count(engine, one, outcome);
    else found[one.name] = differs;
  }
  return found;
}

function count(engine: Engine, one: Case, outcome: Outcome): void {
  const counted = counts.get(engine.name) ?? { same: 0, masked: 0, failed: 0, handedOver: 0 };
  counts.set(engine.name, counted);
  if (outcome.ok) counted[one.mask.length > 0 ? "masked" : "same"] += 1;
  else counted[outcome.code === "RENDER_ENGINE_FALLBACK" ? "handedOver" : "failed"] += 1;
}

describe.each(["native", "library"] as const)("%s", (form) => {
  it.each(corpus)("$name: gives the bytes that the official tool gives", async (entry) => {
    const engine = form === "library" && entry.name.startsWith("jsonnet/") ? engines.jsonnet : engines[form];
    expect(await differences(engine, entry)).toEqual({});
  });
});
