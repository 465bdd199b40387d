import type { KubeObject } from "#core/object/index.ts";
import { repeatOnConflict } from "#runtime/repeat-on-conflict.ts";
import type { AuthStore, StoredKind } from "./auth-store.ts";

interface Change {
  readonly kind: StoredKind;
  readonly name: string;
  /** From what is there now to what shall be; undefined leaves it. It may be asked again, and may throw. */
  readonly decide: (
    object: KubeObject | undefined,
  ) => KubeObject | undefined | Promise<KubeObject | undefined>;
  readonly signal: AbortSignal;
}

/** Changes an object as it was read; when somebody else was quicker it is read and decided again. The object as it is then. */
export async function changeObject(
  store: AuthStore,
  { kind, name, decide, signal }: Change,
): Promise<KubeObject | undefined> {
  return await repeatOnConflict(async () => {
    const object = await store.read(kind, name, signal);
    const changed = await decide(object);
    return changed === undefined ? object : await store.write(changed, signal);
  });
}
