import { messageOf } from "#core/errors/index.ts";
import { heading, print } from "./print.ts";
import { DemoFailure } from "./commands.ts";
import { playHybrid } from "./hybrid/play.ts";
import { playPipeline } from "./pipeline/play.ts";
import { playPull } from "./pull/play.ts";
import { playPush } from "./push/play.ts";
import { createWorld, type World } from "./world.ts";

/** Somebody pressed Ctrl-C, or the process was asked to end. */
class Interrupted extends Error {
  override readonly name = "Interrupted";
}

const interrupted = 130;
const scripted = process.env["DEMO"] === "script" || process.stdin.isTTY !== true;
const ending = new AbortController();
for (const name of ["SIGINT", "SIGTERM"] as const) {
  process.on(name, () => ending.abort(new Interrupted(`received ${name}`)));
}

const patterns = { pull: playPull, push: playPush, hybrid: playHybrid, pipeline: playPipeline } as const;

/** The way to work that PATTERN names; pull unless told. */
function chosenPattern(): (world: World, isScripted: boolean) => Promise<void> {
  const name = process.env["PATTERN"] ?? "pull";
  if (Object.hasOwn(patterns, name)) return patterns[name as keyof typeof patterns];
  throw new DemoFailure(
    `PATTERN is ${JSON.stringify(name)}; it must be one of ${Object.keys(patterns).join(", ")}`,
  );
}

/**
 * Plays one of the ways from a commit to a cluster: on an embedded cluster, which goes when the demo does, or on the one that DEMO_CLUSTER names. With
 * DEMO=script or without a terminal it asks nothing and exits with 1 when something does not come true.
 */
async function main(): Promise<void> {
  const play = chosenPattern();
  await using world = await createWorld(ending);
  try {
    await play(world, scripted);
    ending.signal.throwIfAborted();
  } catch (error) {
    if (!(ending.signal.reason instanceof Interrupted)) await showLog(world);
    throw error;
  }
  heading(scripted ? "All of it came true." : "Good bye.");
  print("The cluster, Mooring and the repository end now.");
}

async function showLog(world: World): Promise<void> {
  process.stderr.write(`\nMooring's last words:\n${await world.lastWords()}\n`);
}

try {
  await main();
} catch (error) {
  const reason: unknown = ending.signal.aborted ? ending.signal.reason : error;
  if (reason instanceof Interrupted) {
    process.exitCode = scripted ? interrupted : 0;
  } else {
    process.stderr.write(`\ndemo: ${messageOf(reason)}\n`);
    process.exitCode = 1;
  }
}
