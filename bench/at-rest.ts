import { setTimeout as sleep } from "node:timers/promises";
import { auditMark } from "#test/control-plane/audit.ts";
import { createBed, formatRequests } from "./lib/bed.ts";
import { createFleet, isHealthy } from "./lib/fleet.ts";
import type { Figure, Note, Scenario } from "./lib/scenario.ts";
import { round } from "./lib/scenario.ts";
import { watchApplications } from "./lib/wait.ts";

const count = Number(process.env["BENCH_APPS"] ?? 1000);
/** Longer than the interval at which Git is asked, so that every application's turn is in it. */
const restSeconds = Number(process.env["BENCH_SECONDS"] ?? 240);
const settleSeconds = 15;

export const scenarios: readonly Scenario[] = [
  {
    name: "at-rest",
    what: `Processor time of the controller at rest with ${count} applications of 4 objects, per cent of one core`,
    against: "the target, 1 % of a core",
    goal: 1,
    limits:
      "Once in three minutes each application is looked at again, for which the repository is asked once for all of them; nothing is sent to the API server. The rest is the lease and the bookmarks of the watches.",
    measure,
  },
];

async function measure(note: Note): Promise<Figure> {
  await using bed = await createBed();
  await bed.createNamespaces("fleet");
  await createFleet(bed, { count, namespace: "fleet", selfHeal: true });
  await using apps = await watchApplications(bed);
  await using controller = await bed.startController();
  await apps.until(count, isHealthy);
  await sleep(settleSeconds * 1000);
  const before = await controller.usage();
  const mark = await auditMark(bed.controlPlane.auditLogPath);
  await sleep(restSeconds * 1000);
  const after = await controller.usage();
  const requests = await bed.requestsSince(mark);
  const percent = (100 * (after.cpuSeconds - before.cpuSeconds)) / restSeconds;
  note(`${restSeconds} s at rest; ${round(after.rssMiB)} MiB resident, ${round(after.heapMiB)} MiB heap`);
  note(
    `requests a minute but watches and the lease: ${round((60 * requests.length) / restSeconds)} ${formatRequests(requests)}`,
  );
  return { value: percent, unit: "%", ratio: 1 / percent };
}
