import { isMooringError, stackOf } from "#core/errors/index.ts";
import { automationKind } from "#core/images/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import { jsonEqual } from "#core/object/index.ts";
import { hubTypes } from "#engine/hub-types.ts";
import type { Forge, ForgeSettings } from "#ports/forge.ts";
import type { GitWriter } from "#ports/git-writer.ts";
import type { Registry } from "#ports/registry.ts";
import type { Clock } from "#runtime/clock.ts";
import type { Log } from "#runtime/log.ts";
import { Semaphore } from "#runtime/semaphore.ts";
import { startCollection } from "../hub/collection.ts";
import type { ControlPlane, ImageDeps } from "./deps.ts";
import { heldByStages, stagesByBranch } from "./held-by-stages.ts";
import { PacedRegistry } from "./paced-registry.ts";
import { askedOf } from "./read-status.ts";
import { Schedule } from "./schedule.ts";
import { record } from "./record.ts";
import { groupDue, runGroup } from "./round.ts";
import { reportVerdict } from "./status.ts";

export interface ImageControllerOptions {
  readonly git: GitWriter;
  readonly registry: Pick<Registry, "listTags" | "digestOf" | "readImage" | "listSignatures">;
  readonly connectForge: (settings: ForgeSettings) => Forge;
  readonly redact: (text: string) => string;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** Groups that are written at the same time. */
const atOnce = 4;
/** Automations that are created together are written together. */
const gatherMs = 200;
const maxSleepMs = 3_600_000;
const missingMs = 60_000;

/**
 * Keeps the images of ImageAutomations new until the signal aborts. What it did is in Git and in their statuses: one that begins anew
 * asks Git what is there, and so writes nothing twice.
 */
export async function runImageController(
  plane: ControlPlane,
  options: ImageControllerOptions,
): Promise<void> {
  const { log, clock, signal } = options;
  const bell = new Bell(clock);
  if (!(await awaitKind(plane, options))) return;
  const automations = startCollection({
    cluster: plane.hub.cluster,
    type: hubTypes.imageAutomation,
    list: plane.admits === undefined ? { namespace: plane.hub.namespace } : {},
    accepts: ({ metadata }) =>
      metadata.namespace === plane.hub.namespace || plane.admits?.(metadata.namespace ?? "") === true,
    log,
    onChange: (_key, before, after) => {
      if (after === undefined || before === undefined || isNews(before, after)) bell.ring();
    },
    signal,
  });
  const deps: ImageDeps = {
    ...plane,
    ...options,
    automations,
    mayWrite: heldByStages(plane.hub, clock),
    stageOfBranch: stagesByBranch(plane.hub),
    registry: new PacedRegistry(options),
  };
  await Promise.race([automations.synced, automations.ended]);
  await new Rounds(deps, bell).run();
  await automations.ended;
}

/** False when it ended before; a control plane whose definitions are Argo CD's own has no such kind. */
async function awaitKind(
  { hub }: ControlPlane,
  { log, clock, signal }: ImageControllerOptions,
): Promise<boolean> {
  for (let told = false; !signal.aborted; told = true) {
    try {
      await hub.cluster.list(hubTypes.imageAutomation, { namespace: hub.namespace, signal });
      return true;
    } catch (error) {
      if (signal.aborted) return false;
      const isMissing = isMooringError(error, "KUBE_NOT_FOUND") || isMooringError(error, "KUBE_UNKNOWN_KIND");
      // Whatever else is wrong is the watch's to tell and to repeat.
      if (!isMissing) return true;
      if (!told)
        log.info("ImageAutomations are not looked at: the cluster does not serve their kind", {
          fix: "install Mooring's definitions: mooring install --apply",
        });
      await sleep(clock, missingMs, signal);
    }
  }
  return false;
}

async function sleep(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  try {
    await clock.sleep(ms, signal);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

/** False for what the controller wrote itself. */
function isNews(before: KubeObject, after: KubeObject): boolean {
  return (
    !jsonEqual({ ...askedOf(before) }, { ...askedOf(after) }) ||
    !jsonEqual(before["spec"], after["spec"]) ||
    before.metadata.uid !== after.metadata.uid
  );
}

/** Wakes whoever waits. */
class Bell {
  readonly #clock: Clock;
  #rung = false;
  #wake: (() => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  ring(): void {
    this.#rung = true;
    this.#wake?.();
  }

  /** Until it rings, or so long. */
  async wait(ms: number, signal: AbortSignal): Promise<void> {
    if (!this.#rung && !signal.aborted) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wake = resolve;
      using _timer = this.#clock.after(ms, resolve);
      const onAbort = () => resolve();
      signal.addEventListener("abort", onAbort, { once: true });
      await promise;
      signal.removeEventListener("abort", onAbort);
      this.#wake = undefined;
    }
    this.#rung = false;
  }
}

/** One round after the other; what takes long in one place does not hold the others up. */
class Rounds {
  readonly #deps: ImageDeps;
  readonly #bell: Bell;
  readonly #schedule: Schedule;
  readonly #slots = new Semaphore(atOnce);
  readonly #running = new Map<string, Promise<void>>();

  constructor(deps: ImageDeps, bell: Bell) {
    this.#deps = deps;
    this.#bell = bell;
    this.#schedule = new Schedule(deps.clock);
  }

  async run(): Promise<void> {
    const { clock, signal } = this.#deps;
    while (!signal.aborted) {
      try {
        await this.#begin();
      } catch (error) {
        if (signal.aborted) break;
        this.#deps.log.error("a round of ImageAutomations met a bug", { error: stackOf(error) });
      }
      const waitMs = this.#schedule.untilNextMs(this.#deps.automations.values());
      await this.#bell.wait(Math.min(Math.max(waitMs, gatherMs), maxSleepMs), signal);
      await sleep(clock, gatherMs, signal);
    }
    await Promise.all(this.#running.values());
  }

  async #begin(): Promise<void> {
    const deps = this.#deps;
    const { due, suspended } = this.#schedule.take(deps.automations.values());
    for (const object of suspended) {
      const verdict = { isReady: true, reason: "Suspended", message: "spec.suspend is set" };
      const nowMs = deps.clock.now();
      await record(object, reportVerdict(object, verdict, { nextMs: undefined, nowMs }), deps);
    }
    const note = (object: KubeObject, nextMs: number) => this.#schedule.done(object, nextMs);
    for (const group of await groupDue(due, deps, note)) this.#start(group, note);
  }

  /** Behind the one that writes to the same place, where one does. */
  #start(group: Parameters<typeof runGroup>[0], note: Parameters<typeof runGroup>[2]): void {
    const { log, signal } = this.#deps;
    const before = this.#running.get(group.key) ?? Promise.resolve();
    const work = async () => {
      await before;
      await this.#slots.run(async () => await runGroup(group, this.#deps, note), signal);
    };
    const task = work()
      .catch((error: unknown) => {
        if (signal.aborted) return;
        log.error(`${automationKind}s met a bug`, { error: stackOf(error) });
        for (const { object, automation } of group.members)
          note(object, this.#deps.clock.now() + automation.intervalMs);
      })
      .finally(() => {
        if (this.#running.get(group.key) === task) this.#running.delete(group.key);
        this.#bell.ring();
      });
    this.#running.set(group.key, task);
  }
}
