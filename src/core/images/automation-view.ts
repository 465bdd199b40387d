import type { JsonValue, KubeObject } from "#core/object/index.ts";
import { viewArray, viewNumber, viewPath, viewString } from "#core/object/index.ts";

/** An ImageAutomation for people. */
export interface AutomationView {
  readonly name: string;
  readonly namespace: string;
  readonly project: string;
  readonly isSuspended: boolean;
  /** `True`, `False`, or empty before it was looked at. */
  readonly ready: string;
  readonly reason: string;
  readonly message: string;
  /** Where it writes. */
  readonly target: string;
  readonly images: readonly ImageView[];
  readonly lastCommit: string;
  readonly lastScan: string;
  readonly nextScan: string;
  readonly proposals: readonly string[];
  /** The word of the last scan that somebody asked for and that was done. */
  readonly scanned: string;
  readonly isCurrent: boolean;
}

interface ImageView {
  readonly image: string;
  readonly policy: string;
  readonly tag: string;
  readonly digest: string;
  readonly problem: string;
}

export const scanAnnotation = "mooring.dev/scan";
export const resumeAnnotation = "mooring.dev/resume";

/** What an ImageAutomation's spec and status say; nothing of what cannot be read. */
export function viewAutomation(object: KubeObject): AutomationView {
  const { name = "", namespace = "", generation } = object.metadata;
  const status = (...path: readonly string[]) => viewString(object, "status", ...path) ?? "";
  const ready = viewArray(object, "status", "conditions").find((one) => viewString(one, "type") === "Ready");
  const application = viewString(object, "spec", "applicationRef", "name");
  return {
    name,
    namespace,
    project: viewString(object, "spec", "project") ?? "default",
    isSuspended: viewPath(object, "spec", "suspend") === true,
    ready: viewString(ready, "status") ?? "",
    reason: viewString(ready, "reason") ?? "",
    message: viewString(ready, "message") ?? "",
    target: application === undefined ? gitTarget(object) : `Application ${application}`,
    images: viewArray(object, "status", "images").map((image) => viewImage(image)),
    lastCommit: status("lastCommit"),
    lastScan: status("lastScan"),
    nextScan: status("nextScan"),
    proposals: viewArray(object, "status", "proposals").flatMap((one) => viewString(one, "url") ?? []),
    scanned: status("scanned"),
    isCurrent: viewNumber(object, "status", "observedGeneration") === generation,
  };
}

function gitTarget(object: KubeObject): string {
  const git = (field: string) => viewString(object, "spec", "git", field);
  return `${git("repoURL") ?? ""} ${git("pushBranch") ?? git("branch") ?? "main"}`;
}

function viewImage(image: JsonValue): ImageView {
  const text = (field: string) => viewString(image, field) ?? "";
  return {
    image: text("image"),
    policy: text("policy"),
    tag: text("tag"),
    digest: text("digest"),
    problem: text("problem"),
  };
}
