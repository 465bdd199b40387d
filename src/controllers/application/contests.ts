import type { FoundCondition } from "#core/app/index.ts";
import type { ObjectKey } from "#core/object/index.ts";
import { formatObjectKey } from "#core/object/index.ts";
import type { ComparedObject } from "#engine/compare.ts";

/** Objects that one application has and others want, so that both say so. Applications are told by their instance names. */
export class Contests {
  readonly #onChange: (owner: string) => void;
  /** By the one that has the objects, then by the one that wants them. */
  readonly #byOwner = new Map<string, Map<string, readonly ObjectKey[]>>();
  /** Whose objects an application wants. */
  readonly #owners = new Map<string, ReadonlySet<string>>();

  constructor(onChange: (owner: string) => void) {
    this.#onChange = onChange;
  }

  /** Takes in what of an application's objects is another's; nothing more of it once it is gone. */
  note(contender: string, compared: readonly ComparedObject[]): void {
    const claims = Map.groupBy(
      compared.filter((object) => object.owner !== undefined && object.desired !== undefined),
      ({ owner = "" }) => owner,
    );
    for (const owner of this.#owners.get(contender) ?? [])
      if (!claims.has(owner)) this.#put(owner, contender, []);
    for (const [owner, objects] of claims)
      this.#put(
        owner,
        contender,
        objects.map(({ key }) => key),
      );
    if (claims.size === 0) this.#owners.delete(contender);
    else this.#owners.set(contender, new Set(claims.keys()));
  }

  /** What others want of an application's objects. */
  conditionsOf(owner: string): readonly FoundCondition[] {
    return [...(this.#byOwner.get(owner) ?? [])].flatMap(([contender, keys]) =>
      keys.map((key) => ({
        type: "SharedResourceWarning" as const,
        message: `${formatObjectKey(key)} is part of applications ${owner} and ${contender}; remove it from one of the two, or have ${contender} take it over with sync option TakeOwnership=true`,
      })),
    );
  }

  #put(owner: string, contender: string, keys: readonly ObjectKey[]): void {
    const known = this.#byOwner.get(owner) ?? new Map<string, readonly ObjectKey[]>();
    const before = known.get(contender) ?? [];
    if (before.length === keys.length && before.every((key, i) => key === keys[i])) return;
    if (keys.length === 0) known.delete(contender);
    else known.set(contender, keys);
    if (known.size === 0) this.#byOwner.delete(owner);
    else this.#byOwner.set(owner, known);
    this.#onChange(owner);
  }
}
