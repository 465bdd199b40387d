import type { DiffLine } from "#core/diff/index.ts";
import type { ObjectKey } from "#core/object/index.ts";

export interface ObjectChange {
  readonly change: "added" | "removed" | "changed";
  readonly key: ObjectKey;
  readonly lines: readonly DiffLine[];
}

/** One application that the change touches. */
export interface AppPreview {
  /** `namespace/name`, or the name alone where no namespace is written. */
  readonly name: string;
  /** The file and line that declare it, at head, or at base where it is deleted; undefined for a directory that was given. */
  readonly file: string | undefined;
  readonly line: number | undefined;
  readonly change: "added" | "removed" | "changed" | "unchanged" | "failed";
  readonly objects: readonly ObjectChange[];
  /** Why it does not render, with its file and line. */
  readonly error: string | undefined;
}

export interface PreviewReport {
  /** Full commit ids. */
  readonly base: string;
  readonly head: string;
  /** Those that the change touches, by name. */
  readonly apps: readonly AppPreview[];
  /** Applications of this repository at head. */
  readonly total: number;
  /** What a reader should know beside: files that cannot be read, applications that follow other revisions. */
  readonly notes: readonly string[];
}

export interface ChangeCounts {
  readonly added: number;
  readonly removed: number;
  readonly changed: number;
}

export function countChanges(objects: readonly ObjectChange[]): ChangeCounts {
  const count = (change: ObjectChange["change"]) => objects.filter((one) => one.change === change).length;
  return { added: count("added"), removed: count("removed"), changed: count("changed") };
}
