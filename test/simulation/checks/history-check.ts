import type { Application } from "#core/app/index.ts";
import type { AppModel } from "../workload/apps.ts";
import { liveNameOf, resourceOf } from "../workload/objects.ts";
import { keptObjects } from "../world/git-content.ts";
import { placeOf } from "./requests.ts";
import type { Sightings } from "./sightings.ts";

export interface HistoryCheckOptions {
  readonly models: ReadonlyMap<string, readonly AppModel[]>;
  readonly sightings: Sightings;
  readonly find: (what: string) => void;
}

/** For so long a controller may not know what happens in a cluster: a connection that is dead and does not show it. */
const blindMs = 150_000;

/** What history says was deployed was there, all of it. */
export class HistoryCheck {
  readonly #options: HistoryCheckOptions;
  /** Entries looked at, by the Application's uid. */
  readonly #told = new Map<string, Set<number>>();

  constructor(options: HistoryCheckOptions) {
    this.#options = options;
  }

  look({ metadata, status }: Application): void {
    const { name, uid = "" } = metadata;
    const known = this.#told.get(uid) ?? new Set();
    this.#told.set(uid, known);
    for (const { id, revision = "" } of status?.history ?? []) {
      if (known.has(id)) continue;
      known.add(id);
      const missing = this.#missing(name, revision);
      if (missing === undefined) continue;
      this.#options.find(`history of ${name} says that ${revision.slice(0, 7)} was deployed, but ${missing}`);
    }
  }

  /** The Application may have been changed meanwhile: all may have been there in any of its places. */
  #missing(app: string, revision: string): string | undefined {
    const answers = (this.#options.models.get(app) ?? []).map((model) => this.#missingAt(model, revision));
    return answers.includes(undefined) ? undefined : answers.at(-1);
  }

  #missingAt({ content, path, server, namespace }: AppModel, revision: string): string | undefined {
    // Times in the status are those of a controller's clock, which may be wrong; that of the commit is not.
    const sinceMs = (content.repository.find(revision)?.timeMs ?? 0) - blindMs;
    const directory = content.directoryAt(revision, path);
    const kept = directory === undefined ? undefined : keptObjects(directory);
    if (kept === undefined) return "there is no such commit, or it cannot be rendered";
    const absent = [...kept.values()].find((object) => {
      const place = placeOf(server, {
        resource: resourceOf(object.kind),
        namespace,
        name: liveNameOf(object),
      });
      return !this.#options.sightings.wasThereSince(place, object.version, sinceMs);
    });
    if (absent === undefined) return undefined;
    return `${absent.kind}/${liveNameOf(absent)} was not there at version ${absent.version}`;
  }
}
