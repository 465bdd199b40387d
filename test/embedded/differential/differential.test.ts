import { expect, it } from "vitest";
import { allowedDifferences } from "./allowed-differences.ts";
import { corpus } from "./corpus.ts";
import { runScript } from "./run-script.ts";
import { embeddedServer, realServer } from "./servers.ts";

it.for(corpus)("answers as the real API server: $title", async ({ title, steps }) => {
  const [theirs, ours] = await Promise.all([
    runScript(realServer(), steps),
    embeddedServer().then((server) => runScript(server, steps)),
  ]);
  const allowed = new Set(
    allowedDifferences.filter((each) => each.title === title).flatMap((each) => each.steps),
  );
  const differing = theirs.flatMap((answer, at) =>
    JSON.stringify(answer) === JSON.stringify(ours[at]) ? [] : [at],
  );
  expect(
    differing.filter((at) => allowed.has(at)),
    "an allowed difference is none any more",
  ).toEqual([...allowed]);
  expect(ours.filter((_, at) => !allowed.has(at))).toEqual(theirs.filter((_, at) => !allowed.has(at)));
});
