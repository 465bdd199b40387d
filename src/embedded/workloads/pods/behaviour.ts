import type { JsonObject, KubeObject } from "#core/object/index.ts";
import { annotationsOf, viewString } from "#core/object/index.ts";
import { controllerOf } from "../base/owned.ts";
import type { WorkloadTimings } from "../timings.ts";
import { commandEndOf } from "./command-end.ts";
import { parseDurationMs } from "./duration.ts";

/** Annotations and images of this name say how a container behaves. */
export const simulated = "simulate.mooring.dev";

interface Exit {
  readonly code: number;
  readonly reason: "Completed" | "Error" | "OOMKilled";
  readonly afterMs: number;
}

/** What a container does when it is run. */
export interface Behaviour {
  readonly pull: "ok" | "fail";
  /** Infinity: it is being created for ever. */
  readonly startAfterMs: number;
  /** After its start; Infinity: it never becomes ready. */
  readonly readyAfterMs: number;
  /** Undefined for what runs until it is stopped. */
  readonly exit: Exit | undefined;
}

/** What a container is in its pod. */
export type ContainerRole = "init" | "sidecar" | "main";

interface Subject {
  readonly pod: KubeObject;
  readonly container: JsonObject;
  readonly role: ContainerRole;
}

/** What annotations say comes before what the image says, and that before what the command says. */
export function behaviourOf(subject: Subject, timings: WorkloadTimings): Behaviour {
  const said = (name: string) => annotationOf(subject, name);
  const image = imageBehaviour(viewString(subject.container, "image") ?? "");
  const hangs = (said("start") ?? image.kind) === "hang";
  const isNeverReady = (said("not-ready") ?? String(image.kind === "not-ready")) === "true";
  const exit = annotatedExit(said, timings) ?? imageExit(image, timings) ?? naturalExit(subject, timings);
  // Were it ready for a moment before it crashes, a rollout would go on and end what still works.
  const crashes = exit !== undefined && (exit.code !== 0 || !runsToEnd(subject));
  return {
    pull: (said("image-pull") ?? image.pull) === "fail" ? "fail" : "ok",
    startAfterMs: hangs ? Infinity : durationOf(said("start-after"), timings.startMs),
    readyAfterMs: isNeverReady ? Infinity : durationOf(said("ready-after"), crashes ? Infinity : 0),
    exit,
  };
}

/** For one container by `<container>.<name>`, for all main containers of the pod by `<name>`. */
export function annotationOf({ pod, container, role }: Subject, name: string): string | undefined {
  const annotations = annotationsOf(pod);
  const own = annotations[`${simulated}/${viewString(container, "name") ?? ""}.${name}`];
  return own ?? (role === "main" ? annotations[`${simulated}/${name}`] : undefined);
}

/** How long a pod takes to stop. */
export function stopMsOf(pod: KubeObject, timings: WorkloadTimings): number {
  return durationOf(annotationsOf(pod)[`${simulated}/stop-after`], timings.stopMs);
}

function durationOf(text: string | undefined, otherwise: number): number {
  return (text === undefined ? undefined : parseDurationMs(text)) ?? otherwise;
}

function annotatedExit(
  said: (name: string) => string | undefined,
  timings: WorkloadTimings,
): Exit | undefined {
  const afterMs = durationOf(said("exit-after"), timings.runMs);
  if (said("oom") === "true") return { code: 137, reason: "OOMKilled", afterMs };
  const [code, crash] = [said("exit-code"), said("crash-loop") === "true"];
  if (code === undefined && !crash && said("exit-after") === undefined) return undefined;
  return exitOf(Number.parseInt(code ?? (crash ? "1" : "0"), 10) || 0, afterMs);
}

function exitOf(code: number, afterMs: number): Exit {
  return { code, reason: code === 0 ? "Completed" : "Error", afterMs };
}

interface ImageBehaviour {
  readonly kind: string;
  readonly tag: string;
  readonly pull: "ok" | "fail";
}

const pattern = new RegExp(`^${simulated.replaceAll(".", "\\.")}/([a-z-]+)(?::([\\w.-]+))?(?:@.*)?$`);

function imageBehaviour(image: string): ImageBehaviour {
  const [, kind = "", tag = ""] = pattern.exec(image) ?? [];
  const cannotExist =
    /:does-not-exist(@|$)/.test(image) || kind === "does-not-exist" || kind === "image-pull";
  return { kind, tag, pull: cannotExist ? "fail" : "ok" };
}

function imageExit({ kind, tag }: ImageBehaviour, { runMs }: WorkloadTimings): Exit | undefined {
  switch (kind) {
    case "fail":
    case "crash-loop":
      return exitOf(1, runMs);
    case "oom":
      return { code: 137, reason: "OOMKilled", afterMs: runMs };
    case "complete":
      return exitOf(Number.parseInt(tag, 10) || 0, runMs);
    default:
      return undefined;
  }
}

/** What runs to its end does so as its command says, or after a while with success. */
function naturalExit(subject: Subject, { runMs }: WorkloadTimings): Exit | undefined {
  if (!runsToEnd(subject)) return undefined;
  const { code, afterMs = runMs } = commandEndOf(subject.container) ?? { code: 0 };
  return afterMs === Infinity ? undefined : exitOf(code, afterMs);
}

function runsToEnd({ pod, role }: Subject): boolean {
  if (role !== "main") return role === "init";
  const policy = viewString(pod, "spec", "restartPolicy") ?? "Always";
  return policy !== "Always" || controllerOf(pod)?.kind === "Job";
}
