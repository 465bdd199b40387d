import type { Drift } from "#core/compare/index.ts";
import type { ObjectKey } from "#core/object/index.ts";
import { formatObjectKey } from "#core/object/index.ts";

/** An object that a self-heal is to undo again. */
interface Contested {
  readonly key: ObjectKey;
  /** It left Git, and is pruned and made again. */
  readonly extra: boolean;
  readonly drift: readonly Drift[];
}

/** Fewer may be somebody's hand. */
const minHeals = 2;
const maxShown = 5;

/**
 * What the user is told of drift that self-heals do not end: what comes back, by whom, and how to end it. Undefined while it has not
 * come back often enough to be called a fight.
 */
export function describeFight(contested: readonly Contested[], heals: number): string | undefined {
  if (heals < minHeals || contested.length === 0) return undefined;
  const lines = contested.slice(0, maxShown).map((one) => `${formatObjectKey(one.key)}: ${describe(one)}`);
  const more = contested.length > maxShown ? [`and ${contested.length - maxShown} more`] : [];
  return `${heals} self-heals in a row did not last. ${[...lines, ...more].join("; ")}`;
}

function describe({ extra, drift }: Contested): string {
  if (extra) return "it left Git, is pruned and comes back; find out who creates it, or add it to Git";
  if (drift.some(({ path }) => path === ""))
    return "it is created and deleted again; find out who deletes it, or remove it from Git";
  const paths = [...new Set(drift.map(({ path }) => path))];
  const shown = paths.slice(0, maxShown).join(", ") + (paths.length > maxShown ? ", …" : "");
  const managers = [...new Set(drift.flatMap(({ manager }) => manager ?? []))];
  const by = managers.length === 0 ? "" : ` by ${managers.join(", ")}`;
  const [it, is] = paths.length === 1 ? ["it", "is"] : ["them", "are"];
  return (
    `${shown} ${is} changed again${by}; remove ${it} from Git, or list ${it} in spec.ignoreDifferences ` +
    "with sync option RespectIgnoreDifferences=true, or stop who changes it"
  );
}
