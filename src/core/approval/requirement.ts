import type { StringMap } from "#core/object/index.ts";
import { annotationKey } from "#core/tracking/index.ts";

/**
 * Whether syncs need an approved plan. `except-self-heal`: all but those that bring objects which are there back to what an approved plan
 * made of them.
 */
export type ApprovalRequirement = "none" | "except-self-heal" | "always";

/** What may say so: an Application, its project, its global projects. */
interface Demanding {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly annotations?: StringMap };
}

const meanings: Readonly<Record<string, ApprovalRequirement>> = {
  "": "none",
  false: "none",
  "except-self-heal": "except-self-heal",
  true: "always",
};
const strictness: readonly ApprovalRequirement[] = ["none", "except-self-heal", "always"];

export interface FoundRequirement {
  readonly requirement: ApprovalRequirement;
  /** What cannot be read; nothing is deployed then. */
  readonly problems: readonly string[];
}

/** The strictest of what an application and its projects ask for: none of them lifts what another one demands. */
export function findRequirement(demanding: readonly Demanding[]): FoundRequirement {
  let requirement: ApprovalRequirement = "none";
  const problems: string[] = [];
  for (const { kind, metadata } of demanding) {
    const text = metadata.annotations?.[annotationKey.requireApproval]?.trim() ?? "";
    const meaning = Object.hasOwn(meanings, text) ? meanings[text] : undefined;
    if (meaning === undefined) {
      problems.push(
        `${kind} ${metadata.name}: annotation ${annotationKey.requireApproval} is ${JSON.stringify(text.slice(0, 40))}; write true, except-self-heal or false`,
      );
    } else if (strictness.indexOf(meaning) > strictness.indexOf(requirement)) requirement = meaning;
  }
  return { requirement, problems };
}
