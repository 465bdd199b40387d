import type { AnswerOf } from "../../lib/api/index.ts";
import { formatRepository } from "../../lib/format.ts";
import { isFound } from "../settings/parts/find-in.ts";

export interface AutomationName {
  readonly namespace: string;
  readonly name: string;
}

interface AutomatedImage {
  readonly image: string;
  readonly policy: string;
  readonly tag: string;
  readonly digest: string;
  readonly problem: string;
}

/** What keeps images new, as the controller last told of it. */
export interface Automation extends AutomationName {
  readonly project: string;
  readonly isSuspended: boolean;
  /** `True`, `False`, or empty before it was looked at. */
  readonly ready: string;
  readonly reason: string;
  readonly message: string;
  readonly target: string;
  readonly images: readonly AutomatedImage[];
  readonly lastCommit: string;
  readonly lastScan: string;
  readonly nextScan: string;
  readonly proposals: readonly string[];
  /** Somebody wants a scan that was not made yet. */
  readonly isScanAsked: boolean;
}

export function readAutomation({
  suspended = false,
  images = [],
  ...said
}: AnswerOf<"imageAutomation", "get">): Automation {
  const { asked = "", scanned = "" } = said;
  return {
    name: said.name ?? "",
    namespace: said.namespace ?? "",
    project: said.project ?? "",
    isSuspended: suspended,
    ready: said.ready ?? "",
    reason: said.reason ?? "",
    message: said.message ?? "",
    target: said.target ?? "",
    images: images.map(({ image = "", policy = "", tag = "", digest = "", problem = "" }) => ({
      image,
      policy,
      tag,
      digest,
      problem,
    })),
    lastCommit: said.lastCommit ?? "",
    lastScan: said.lastScan ?? "",
    nextScan: said.nextScan ?? "",
    proposals: said.proposals ?? [],
    isScanAsked: asked !== "" && asked !== scanned && !suspended,
  };
}

export const keyOf = ({ namespace, name }: AutomationName): string => `${namespace}/${name}`;

/** As policies name it: without the namespace where that is the control plane's. */
export function automationObject({ project, namespace, name }: Automation, ownNamespace: string): string {
  return namespace === ownNamespace ? `${project}/${name}` : `${project}/${namespace}/${name}`;
}

export type AutomationState = "Suspended" | "New" | "Ready" | "Held" | "Flapping" | "Failed";

export function stateOf({
  isSuspended,
  ready,
  reason,
}: Pick<Automation, "isSuspended" | "ready" | "reason">): AutomationState {
  if (isSuspended) return "Suspended";
  if (ready === "True") return "Ready";
  if (ready === "") return "New";
  return reason === "Held" || reason === "Flapping" ? reason : "Failed";
}

/** Whether it waits for somebody to let it go on. */
export function isStopped(automation: Automation): boolean {
  return automation.isSuspended || automation.reason === "Flapping";
}

interface Target {
  /** Empty for an Application. */
  readonly repoURL: string;
  readonly text: string;
}

/** Where it writes: an Application, or a branch of a repository. */
export function targetOf({ target }: Pick<Automation, "target">): Target {
  const at = target.lastIndexOf(" ");
  if (at < 0 || target.startsWith("Application ")) return { repoURL: "", text: target };
  const repoURL = target.slice(0, at);
  return { repoURL, text: `${formatRepository(repoURL)} ${target.slice(at + 1)}` };
}

/** What was chosen of an image: its tag, with the beginning of a digest. */
export function chosenOf({ tag, digest }: Pick<AutomatedImage, "tag" | "digest">): string {
  const short = digest.replace(/^(sha256:[0-9a-f]{12})[0-9a-f]+$/u, "$1…");
  return [tag, short].filter((part) => part !== "").join("@");
}

export function matches(automation: Automation, text: string): boolean {
  const { name, namespace, project, reason, images } = automation;
  const named = images.flatMap(({ image, tag }) => [image, tag]);
  return isFound(text, [
    name,
    namespace,
    project,
    reason,
    stateOf(automation),
    targetOf(automation).text,
    ...named,
  ]);
}
