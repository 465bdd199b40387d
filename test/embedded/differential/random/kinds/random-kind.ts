import type { JsonObject } from "#core/object/index.ts";
import type { Shape } from "../shapes.ts";

/** A kind that random scripts write. */
export interface RandomKind {
  /** Its collection; `$ns` is the script's namespace. */
  readonly path: string;
  readonly head: { readonly apiVersion: string; readonly kind: string };
  /** Everything but metadata and status. */
  readonly content: Shape;
  /** The content of an object that is accepted. */
  readonly minimal: JsonObject;
  readonly status?: Shape;
  readonly hasScale?: boolean;
  readonly isCustom?: boolean;
  /** Objects are never stored: they are only tried to be created. */
  readonly isOnlyTried?: boolean;
  /** Field selectors beside those that all kinds have. */
  readonly fieldSelectors?: readonly string[];
  /** How many scripts are about it, against others. */
  readonly weight: number;
}
