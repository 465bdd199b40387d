import type { HubConfig } from "#core/hub/index.ts";
import type { ImageAutomation } from "#core/images/index.ts";
import type { Forge, ForgeSettings } from "#ports/forge.ts";
import type { GitWriter } from "#ports/git-writer.ts";
import type { Collection, Hub } from "#ports/hub.ts";
import type { Clock } from "#runtime/clock.ts";
import type { Log } from "#runtime/log.ts";
import type { PacedRegistry } from "./paced-registry.ts";

/** Whether an automation may write now, and why not. */
export type MayWrite = (
  automation: ImageAutomation,
) => { readonly allowed: true } | { readonly allowed: false; readonly reason: string };

/** How messages name the stage whose branch this is; undefined for a branch of none. */
export type StageOfBranch = (repoUrl: string, branch: string) => string | undefined;

/** What the image controller shares with the one of Applications. */
export interface ControlPlane {
  readonly hub: Hub;
  readonly config: () => HubConfig;
  /** Whether objects of a namespace other than the control plane's are looked at; none are unless told. */
  readonly admits: ((namespace: string) => boolean) | undefined;
}

/** What every step of the image controller works with. */
export interface ImageDeps extends ControlPlane {
  readonly automations: Collection;
  readonly git: GitWriter;
  readonly registry: PacedRegistry;
  readonly connectForge: (settings: ForgeSettings) => Forge;
  readonly mayWrite: MayWrite;
  readonly stageOfBranch: StageOfBranch;
  /** Removes credentials from a text that other programs had a part in. */
  readonly redact: (text: string) => string;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
  readonly signal: AbortSignal;
}
