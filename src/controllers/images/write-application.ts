import { createHash } from "node:crypto";
import { parseApplication, projectNameOf } from "#core/app/index.ts";
import { MooringError } from "#core/errors/index.ts";
import { isFlapping } from "#engine/images/write-guard.ts";
import { planImageOverrides } from "#engine/images/override-images.ts";
import { hubTypes } from "#engine/hub-types.ts";
import { patchObject } from "#engine/patch-object.ts";
import type { ImageDeps } from "./deps.ts";
import { subjectOf } from "./resolve-automation.ts";
import type { Member, Written } from "./scan.ts";

const fieldManager = "mooring-controller";

/** Writes what is new into an Application's own overrides of images. */
export async function writeApplication(
  member: Member,
  name: string,
  { hub, signal }: ImageDeps,
): Promise<Written> {
  const { automation } = member.resolved;
  const { namespace } = automation;
  const subject = `${subjectOf(automation)}: spec.applicationRef: Application ${namespace}/${name}`;
  let written: Written = { kind: "current" };
  const decide = (object: Parameters<typeof parseApplication>[0]) => {
    written = { kind: "current" };
    const project = projectNameOf(parseApplication(object));
    if (project !== automation.project)
      throw new MooringError(
        "POLICY_FORBIDDEN",
        `${subject} is of project "${project}"; write that into spec.project, if it may use it`,
      );
    const plan = planImageOverrides(object, member.scan.found, subject);
    if (plan === undefined) return undefined;
    const change = createHash("sha256").update(plan.change).digest("hex").slice(0, 32);
    if (isFlapping(member.guard, change)) {
      written = { kind: "flapping", change };
      return undefined;
    }
    written = { kind: "written", commit: "", change, isNew: true, isOnBranch: true };
    return plan.patch;
  };
  const ref = { type: hubTypes.application, namespace, name };
  const after = await patchObject(hub.cluster, ref, { decide, fieldManager, signal });
  if (after !== undefined) return written;
  throw new MooringError("CONFIG_NOT_FOUND", `${subject} does not exist; correct the name`);
}
