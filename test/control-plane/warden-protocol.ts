export interface ProcessSpec {
  /** Names the process in messages and its log, such as `kube-apiserver`. */
  readonly name: string;
  readonly file: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** What the warden is told. Its end comes with the end of the channel, so it has no message. */
export type WardenRequest =
  | { readonly kind: "start"; readonly id: number; readonly spec: ProcessSpec }
  | { readonly kind: "signal"; readonly id: number; readonly signal: NodeJS.Signals }
  | { readonly kind: "own"; readonly path: string };

/** What the warden tells. */
export type WardenEvent =
  | { readonly kind: "started"; readonly id: number; readonly pid: number }
  | { readonly kind: "failed"; readonly id: number; readonly message: string }
  | { readonly kind: "exited"; readonly id: number; readonly status: string };
