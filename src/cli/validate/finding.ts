import type { JsonValue } from "#core/object/index.ts";

export interface Finding {
  readonly severity: "error" | "warning";
  readonly file: string;
  /** Undefined for an object that a tool made: then the file is what it was made from. */
  readonly line: number | undefined;
  /** `Deployment shop/web`; empty for what is wrong with the file. */
  readonly object: string;
  readonly message: string;
}

/** An object as a file holds it, or as a tool has made it from one. */
export interface Manifest {
  readonly file: string;
  readonly value: JsonValue;
  readonly lineOf: (path: readonly (string | number)[]) => number | undefined;
  /** A file that was named must hold objects; what else lies in a directory is not looked at. */
  readonly isNamed: boolean;
}

export interface Collected {
  readonly manifests: readonly Manifest[];
  readonly findings: readonly Finding[];
}
