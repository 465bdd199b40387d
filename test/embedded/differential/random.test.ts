import { afterAll, beforeAll, expect, it } from "vitest";
import { eventually } from "../../control-plane/eventually.ts";
import { gadgetDefinition, objectsOf, randomScript } from "./random-scripts.ts";
import { runScript } from "./run-script.ts";
import type { ServerUnderTest } from "./server.ts";
import { send } from "./server.ts";
import { embeddedServer, realServer } from "./servers.ts";

/** How many scripts are tried, and from which seed on: MOORING_DIFFERENTIAL=2000 MOORING_SEED=1. */
const count = Number(process.env["MOORING_DIFFERENTIAL"] ?? 400);
const firstSeed = Number(process.env["MOORING_SEED"] ?? 1);
const lanes = 6;

const cleanUp = new AsyncDisposableStack();
let servers: readonly ServerUnderTest[];

beforeAll(async () => {
  const embedded = await embeddedServer((each) => cleanUp.defer(each));
  servers = [realServer(), embedded];
  for (const server of servers) {
    const path = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
    await send(server, { method: "POST", path, body: gadgetDefinition });
    await eventually(async () => {
      const { code } = await send(server, {
        method: "GET",
        path: "/apis/differential.example.com/v1/gadgets",
      });
      expect(code).toBe(200);
    });
  }
});

afterAll(() => cleanUp.disposeAsync());

it(
  `answers ${count} random scripts as the real API server`,
  { timeout: 60_000 + count * 2_000 },
  async () => {
    const seeds = Array.from({ length: count }, (_, i) => firstSeed + i);
    const differing: string[] = [];
    const lane = async () => {
      for (let seed = seeds.shift(); seed !== undefined; seed = seeds.shift()) {
        const script = randomScript(seed);
        const [theirs = [], ours = []] = await Promise.all(
          servers.map((server) => runScript(server, script, objectsOf(script))),
        );
        const at = theirs.findIndex((answer, i) => JSON.stringify(answer) !== JSON.stringify(ours[i]));
        if (at >= 0) {
          const request = JSON.stringify(script[at]);
          differing.push(
            `seed ${seed}, step ${at}: ${request}\n  real: ${JSON.stringify(theirs[at])}\n  ours: ${JSON.stringify(ours[at])}`,
          );
        }
      }
    };
    await Promise.all(Array.from({ length: lanes }, lane));
    expect(differing).toEqual([]);
  },
);
