import type { Application } from "#core/app/index.ts";

/** For 45 seconds of every three minutes no automated sync may begin; people are let through, and nothing that began is spared. */
export const simulatedWindow = {
  kind: "deny",
  schedule: "*/3 * * * *",
  duration: "45s",
  applications: ["*"],
  manualSync: true,
} as const;

/** No automated sync begins while the window is closed, by the clock of the controller that begins it. */
export class WindowCheck {
  readonly #find: (what: string) => void;
  /** Syncs that were seen, by Application and start. */
  readonly #seen = new Set<string>();
  /** True once the project has the window. */
  isSet = false;

  constructor(find: (what: string) => void) {
    this.#find = find;
  }

  look({ metadata, status }: Application): void {
    const { operationState: state, reconciledAt = "" } = status ?? {};
    if (!this.isSet || state?.operation.initiatedBy?.automated !== true) return;
    const sync = `${metadata.uid} ${state.startedAt}`;
    if (this.#seen.has(sync)) return;
    this.#seen.add(sync);
    const closed = [state.startedAt, reconciledAt].filter((time) => isClosed(Date.parse(time)));
    if (closed.length === 0) return;
    this.#find(
      `an automated sync of ${metadata.name} begins at ${closed.join(" and ")}, while the window is closed`,
    );
  }
}

function isClosed(ms: number): boolean {
  return new Date(ms).getUTCMinutes() % 3 === 0 && ms % 60_000 < 45_000;
}
