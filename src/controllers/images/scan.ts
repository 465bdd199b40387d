import type { FoundImages } from "#engine/images/find-images.ts";
import { findImages } from "#engine/images/find-images.ts";
import type { WantedImages } from "#engine/images/wanted-images.ts";
import type { WriteGuard } from "#engine/images/write-guard.ts";
import type { ImageDeps } from "./deps.ts";
import type { ResolvedAutomation } from "./resolve-automation.ts";

/** One automation in a round: what was found for it, and what becomes of it. */
export interface Member {
  readonly resolved: ResolvedAutomation;
  readonly scan: FoundImages;
  readonly scannedMs: number;
  readonly guard: Required<WriteGuard>;
}

/** What became of an automation's images. */
export type Written =
  | { readonly kind: "current" }
  | { readonly kind: "held"; readonly reason: string }
  | { readonly kind: "flapping"; readonly change: string }
  | { readonly kind: "failed"; readonly error: unknown }
  | {
      readonly kind: "written";
      readonly commit: string;
      readonly change: string;
      /** False for a commit that was there already. */
      readonly isNew: boolean;
      /** False for one that somebody is asked to merge. */
      readonly isOnBranch: boolean;
      readonly proposal?: Proposal | undefined;
    };

export interface Proposal {
  readonly branch: string;
  /** Names what it changes. */
  readonly change: string;
  readonly url: string;
}

export interface MemberResult {
  /** One for each write: one for each image where each has its own pull request. */
  readonly written: readonly Written[];
  /** What no file names, such as `image ghcr.io/acme/web`. */
  readonly unnamed: readonly string[];
}

/** An answer may be so old, of an interval: two that look at the same image do not ask twice. */
const freshShare = 0.9;

interface Scan {
  readonly isAsked: boolean;
  readonly roundMs: number;
}

/** Asks the registries; what somebody asked for is asked anew, once for all who ask in the same round. */
export async function scanImages(
  { automation, accessTo, keysOf }: ResolvedAutomation,
  { isAsked, roundMs }: Scan,
  { registry, clock, signal }: ImageDeps,
): Promise<FoundImages> {
  const sinceRoundMs = Math.max(1, clock.now() - roundMs);
  const maxAgeMs = isAsked ? sinceRoundMs : Math.round(automation.intervalMs * freshShare);
  return await findImages(automation.images, { registry, accessTo, keysOf, maxAgeMs, signal });
}

export function wantsNothing({ images, policies }: WantedImages): boolean {
  return images.length === 0 && policies.size === 0;
}
