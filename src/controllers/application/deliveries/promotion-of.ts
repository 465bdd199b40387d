import { parseTrailers } from "#core/commit-message/index.ts";

/** Which Promotion a commit says that it is of, where Mooring writes it: in its last trailer of that name. Empty for a commit of none. */
export function promotionOf(message: string): string {
  const said = parseTrailers(message).findLast(([key]) => key === "Mooring-Promotion")?.[1] ?? "";
  return /^\S{1,253}$/u.test(said) ? said : "";
}
