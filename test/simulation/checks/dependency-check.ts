import type { Application } from "#core/app/index.ts";
import { parseDependencies } from "#core/dependencies/index.ts";
import { parseAppKey } from "#core/app/index.ts";
import type { AppModel } from "../workload/apps.ts";

export interface DependencyCheckOptions {
  readonly models: ReadonlyMap<string, readonly AppModel[]>;
  readonly find: (what: string) => void;
}

/** No automated sync of a new revision begins before each dependency was seen to be synced and healthy: at that revision, if it follows the same branch. */
export class DependencyCheck {
  readonly #options: DependencyCheckOptions;
  /** Names of Applications that were synced and healthy once, also with the revision behind them. */
  readonly #ready = new Set<string>();
  /** Syncs that were seen, by Application and start. */
  readonly #seen = new Set<string>();

  constructor(options: DependencyCheckOptions) {
    this.#options = options;
  }

  look(app: Application): void {
    const { name, uid } = app.metadata;
    const { sync, health, operationState: state } = app.status ?? {};
    if (sync?.status === "Synced" && health?.status === "Healthy") {
      this.#ready.add(name);
      this.#ready.add(`${name} ${sync.revision}`);
    }
    if (state?.operation.initiatedBy?.automated !== true) return;
    const isHeal = state.operation.sync?.resources !== undefined;
    const begun = `${uid} ${state.startedAt}`;
    if (isHeal || this.#seen.has(begun)) return;
    this.#seen.add(begun);
    const revision = state.operation.sync?.revision ?? "";
    for (const key of parseDependencies(app).keys) {
      const missing = this.#missing(name, parseAppKey(key).name, revision);
      if (missing === undefined) continue;
      this.#options.find(`${name} begins to sync ${revision.slice(0, 7)} before ${missing}`);
    }
  }

  #missing(name: string, dependency: string, revision: string): string | undefined {
    const [ours, theirs] = [this.#modelsOf(name), this.#modelsOf(dependency)];
    const follows = theirs.every((their) =>
      ours.every(({ content, branch }) => their.content === content && their.branch === branch),
    );
    const wanted = follows ? `${dependency} ${revision}` : dependency;
    return this.#ready.has(wanted)
      ? undefined
      : `${dependency} was synced and healthy${follows ? " there" : ""}`;
  }

  #modelsOf(name: string): readonly AppModel[] {
    return this.#options.models.get(name) ?? [];
  }
}
