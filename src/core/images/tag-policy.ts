export type TagOrder =
  /** The highest version in a range, such as `>=1.2 <2`. */
  | { readonly by: "semver"; readonly range: string }
  /** The last (`asc`) or first (`desc`) in an order. */
  | { readonly by: "numerical" | "alphabetical"; readonly order: "asc" | "desc" };

/** Which of a repository's tags is wanted. */
export interface TagPolicy {
  readonly order: TagOrder;
  /** In RE2's syntax: only tags in which it is found. */
  readonly pattern?: string | undefined;
  /** What of a tag is put in order, from the groups of `pattern`: `$ts`, `${ts}`, `$1`. All of it unless told. */
  readonly extract?: string | undefined;
}
