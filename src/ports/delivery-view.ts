import type { AppKey } from "#core/app/index.ts";
import type { Figures, Place } from "#core/delivery/index.ts";

export interface TraceRequest {
  /** Those that whoever asks may see; a page of the lines follows their order. */
  readonly apps: readonly AppKey[];
  /** A commit, a branch, a tag or an image. */
  readonly what: string;
  /** Undefined when that is to be found out. */
  readonly kind: "commit" | "image" | undefined;
  readonly offset: number;
  readonly limit: number;
  readonly signal: AbortSignal;
}

/** A commit, for people. */
export interface ToldCommit {
  /** Full object id. */
  readonly id: string;
  readonly repository: string;
  readonly author: string;
  /** RFC 3339, when it was written. */
  readonly date: string;
  /** The first line of its message. */
  readonly subject: string;
  /** The Promotion that wrote it, by its trailer; empty for none. */
  readonly promotion: string;
}

/** Where a change is in one application. */
export interface TraceLine extends Place {
  readonly app: AppKey;
  readonly project: string;
  /** Name or address of the cluster. */
  readonly cluster: string;
  readonly namespace: string;
  readonly repository: string;
  readonly path: string;
  /** What is deployed now of the source; empty for nothing. */
  readonly deployed: string;
  /** Of an image: what runs now. */
  readonly images: readonly string[];
  /** Of an image: the commit with which it came. */
  readonly commit?: ToldCommit | undefined;
}

export interface Trace {
  readonly kind: "commit" | "image";
  /** What was asked for, in each repository that has it; none for an image. */
  readonly commits: readonly ToldCommit[];
  readonly lines: readonly TraceLine[];
  /** Lines on all pages. */
  readonly total: number;
  /** Repositories that could not be asked, and why. */
  readonly problems: readonly string[];
}

export interface FiguresRequest {
  /** Applications whose figures are told together. */
  readonly groups: readonly (readonly AppKey[])[];
  readonly sinceMs: number;
  readonly untilMs: number;
  readonly signal: AbortSignal;
}

/** What became of changes, as far as the controller that leads has seen it. */
export interface DeliveryView {
  /** Throws API_INVALID_ARGUMENT for what is no commit and no image, and GIT_REVISION_NOT_FOUND for a commit that nobody has. */
  trace(request: TraceRequest): Promise<Trace>;
  /** In the order of the groups. */
  figures(request: FiguresRequest): Promise<readonly Figures[]>;
}
