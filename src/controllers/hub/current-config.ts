import type { Clock } from "#runtime/clock.ts";
import type { HubConfig } from "#core/hub/index.ts";

export interface CurrentConfigOptions {
  readonly read: () => HubConfig;
  /** Called when the configuration was read anew, before anybody uses it. */
  readonly onChange: (before: HubConfig, after: HubConfig) => void;
  readonly clock: Clock;
}

/** Changes come in bursts: a hundred changed Secrets are one reading. */
const gatherMs = 50;

/** The hub's configuration, read when it is first needed after a change, and soon after one even if nobody asks. */
export class CurrentConfig {
  readonly #options: CurrentConfigOptions;
  #config: HubConfig | undefined;
  #stale = true;
  #scheduled = false;

  constructor(options: CurrentConfigOptions) {
    this.#options = options;
  }

  get(): HubConfig {
    if (this.#config !== undefined && !this.#stale) return this.#config;
    const before = this.#config;
    const after = this.#options.read();
    this.#config = after;
    this.#stale = false;
    if (before !== undefined) this.#options.onChange(before, after);
    return after;
  }

  markStale(): void {
    this.#stale = true;
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#options.clock.after(gatherMs, () => {
      this.#scheduled = false;
      this.get();
    });
  }
}
