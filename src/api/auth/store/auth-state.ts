import type { AuthSettings, Revocations } from "#core/accounts/index.ts";
import {
  authSecretName,
  joinRevocations,
  noRevocations,
  parseAuthSettings,
  parseRevocations,
  partOfLabel,
  revokedSecretName,
  withoutPast,
} from "#core/accounts/index.ts";
import { isMooringError } from "#core/errors/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import { isOlderVersion } from "#core/object/index.ts";
import type { ParseYaml } from "#core/settings/index.ts";
import type { Clock } from "#runtime/clock.ts";
import type { Log } from "#runtime/log.ts";
import type { AuthStore, StoredKind, Watched } from "./auth-store.ts";

export const settingsName = "argocd-cm";

interface StateOptions {
  readonly parseYaml: ParseYaml;
  readonly log: Log;
  readonly clock: Pick<Clock, "now">;
}

type Objects = Map<string, KubeObject>;

const watches: readonly (readonly [StoredKind, Watched])[] = [
  ["ConfigMap", { name: settingsName }],
  ["Secret", { name: authSecretName }],
  ["Secret", { name: revokedSecretName }],
  ["Secret", { labelSelector: `${partOfLabel}=argocd` }],
];

/**
 * The settings and the revocations as they are now: read from watches, so that no request waits for the API server and every
 * replica sees within moments what another wrote. What this process wrote counts at once.
 */
export class AuthState {
  readonly #options: StateOptions;
  readonly #objects: Objects = new Map();
  /** Secrets that `oidc.config` may refer to. What loses the label leaves them, and is not gone for that. */
  readonly #labelled: Objects = new Map();
  #settings: AuthSettings | undefined;
  /** Nothing leaves it before its time, whatever becomes of the Secret. */
  #revocations = noRevocations;
  #isReady = false;
  #reported = "";

  constructor(options: StateOptions) {
    this.#options = options;
  }

  get settings(): AuthSettings {
    this.#settings ??= this.#read();
    return this.#settings;
  }

  get revocations(): Revocations {
    return this.#revocations;
  }

  /** Takes over one of the objects by which the server goes, unless a newer version of it is known. */
  put(object: KubeObject): void {
    this.#put(this.#objects, object);
  }

  #put(objects: Objects, object: KubeObject): void {
    const key = keyOf(object.kind, object.metadata.name ?? "");
    const known = objects.get(key);
    if (known !== undefined && isOlder(object, known)) return;
    objects.set(key, object);
    if (object.metadata.name === revokedSecretName) this.#takeRevocations(object);
    else this.#changed();
  }

  #remove(objects: Objects, object: KubeObject): void {
    const key = keyOf(object.kind, object.metadata.name ?? "");
    if (objects.get(key)?.metadata.uid !== object.metadata.uid) return;
    objects.delete(key);
    this.#changed();
  }

  addRevocations(revocations: Revocations): void {
    const now = Math.floor(this.#options.clock.now() / 1_000);
    this.#revocations = withoutPast(joinRevocations(this.#revocations, revocations), now);
  }

  /** Follows the store until the signal aborts; calls `onReady` when everything was read for the first time. */
  async follow(store: AuthStore, onReady: () => void, signal: AbortSignal): Promise<void> {
    let missing = watches.length;
    const onSynced = () => {
      missing -= 1;
      if (missing > 0) return;
      this.#isReady = true;
      this.#changed();
      onReady();
    };
    await Promise.all(
      watches.map(async ([kind, watched]) => {
        const objects = "name" in watched ? this.#objects : this.#labelled;
        await this.#followOne(objects, store.watch(kind, watched, signal), onSynced);
      }),
    );
  }

  async #followOne(
    objects: Objects,
    events: ReturnType<AuthStore["watch"]>,
    onSynced: () => void,
  ): Promise<void> {
    let isSynced = false;
    for await (const event of events) {
      if (event.type === "applied") this.#put(objects, event.object);
      else if (event.type === "deleted") this.#remove(objects, event.object);
      else if (event.type === "synced" && !isSynced) {
        isSynced = true;
        onSynced();
      } else if (event.type === "disconnected") {
        this.#options.log.warn("settings are not followed at the moment", { reason: event.error.message });
      }
    }
  }

  /** Problems are told as soon as somebody causes them, and not while only a part was read. */
  #changed(): void {
    this.#settings = this.#isReady ? this.#read() : undefined;
  }

  #read(): AuthSettings {
    const objects = {
      configMap: this.#objects.get(keyOf("ConfigMap", settingsName)),
      secret: this.#objects.get(keyOf("Secret", authSecretName)),
      otherSecret: (name: string) => this.#labelled.get(keyOf("Secret", name)),
    };
    const { settings, problems } = parseAuthSettings(objects, this.#options.parseYaml);
    const text = problems.join("\n");
    if (text !== this.#reported) {
      for (const problem of problems) this.#options.log.warn("a setting needs attention", { problem });
    }
    this.#reported = text;
    return settings;
  }

  #takeRevocations(secret: KubeObject): void {
    try {
      this.addRevocations(parseRevocations(secret));
    } catch (error) {
      if (!isMooringError(error, "CONFIG_INVALID")) throw error;
      this.#options.log.error("ended sessions may be accepted", { problem: error.message });
    }
  }
}

function keyOf(kind: string, name: string): string {
  return `${kind}/${name}`;
}

/** Of two states of the same object. */
function isOlder({ metadata: a }: KubeObject, { metadata: b }: KubeObject): boolean {
  return a.uid === b.uid && isOlderVersion(a.resourceVersion, b.resourceVersion);
}
