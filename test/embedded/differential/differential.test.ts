import { afterAll, beforeAll, expect, it } from "vitest";
import { eventually } from "../../control-plane/eventually.ts";
import { allowedDifferences, allowedScripts, mayBeOfCache } from "./allowed-differences.ts";
import { differences } from "./differences.ts";
import { Lane } from "./lane.ts";
import { definitions } from "./random/kinds/custom.ts";
import { randomScript } from "./random/random-script.ts";
import { must, runScript } from "./run-script.ts";
import type { ServerUnderTest } from "./server.ts";
import { serversAlone } from "./servers.ts";
import { corpus } from "./written/corpus.ts";

/** How many random scripts are tried, and from which seed on: MOORING_DIFFERENTIAL=10000 MOORING_SEED=2001. */
const count = Number(process.env["MOORING_DIFFERENTIAL"] ?? 2000);
const firstSeed = Number(process.env["MOORING_SEED"] ?? 1);
const laneCount = 8;

const cleanUp = new AsyncDisposableStack();
let servers: readonly ServerUnderTest[] = [];

beforeAll(async () => {
  servers = await serversAlone((each) => cleanUp.defer(each));
});

afterAll(() => cleanUp.disposeAsync());

it.for(corpus)("answers as the real API server: $title", async ({ title, steps }) => {
  const [theirs = [], ours = []] = await Promise.all(servers.map((server) => runScript(server, steps)));
  const allowed = allowedDifferences.filter((each) => each.title === title).flatMap((each) => each.steps);
  const differing = theirs.flatMap((answer, at) =>
    JSON.stringify(answer) === JSON.stringify(ours[at]) ? [] : [at],
  );
  expect(ours.filter((_, at) => !allowed.includes(at))).toEqual(
    theirs.filter((_, at) => !allowed.includes(at)),
  );
  expect(differing, "an allowed difference is none any more").toEqual(allowed.toSorted((a, b) => a - b));
});

it(
  `answers ${count} random scripts as the real API server`,
  { timeout: 60_000 + count * 2_000 },
  async () => {
    await Promise.all(servers.map((server) => define(server)));
    const seeds = Array.from({ length: count }, (_, at) => firstSeed + at);
    const allowed = new Set(allowedScripts.map(({ seed }) => seed));
    const differing: string[] = [];
    const work = async (pair: readonly Lane[]): Promise<void> => {
      await Promise.all(pair.map((lane) => lane.open()));
      for (let seed = seeds.shift(); seed !== undefined; seed = seeds.shift()) {
        const first = await compare(pair, seed);
        const found = mayBeOfCache(first) ? await compare(pair, seed) : first;
        const isAllowed = allowed.delete(seed);
        if (found !== undefined && !isAllowed) differing.push(`seed ${seed}, ${found}`);
        if (found === undefined && isAllowed) differing.push(`seed ${seed} differs no more`);
      }
    };
    const lanes = Array.from({ length: laneCount }, (_, number) =>
      servers.map((each) => new Lane(each, number)),
    );
    await Promise.all(lanes.map(work));
    expect(differing.join("\n\n")).toBe("");
  },
);

/** What the two servers answer otherwise to the script of a seed. */
async function compare(pair: readonly Lane[], seed: number): Promise<string | undefined> {
  const script = randomScript(seed);
  const [theirs = [], ours = []] = await Promise.all(pair.map((lane) => lane.run(script)));
  return differences(theirs, ours);
}

async function define(server: ServerUnderTest): Promise<void> {
  const path = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
  for (const body of definitions) await must(server, { method: "POST", path, body });
  for (const plural of ["gadgets", "looses"]) {
    const list = { method: "GET", path: `/apis/differential.example.com/v1/${plural}` } as const;
    await eventually(() => must(server, list));
  }
}
