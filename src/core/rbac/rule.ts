import type { Matcher } from "./matcher.ts";
import type { Origin } from "./types.ts";

/** The subject of denials whose line names nobody. No asker has this name. */
export const everybody = "";

/** A `p` line. */
export interface Rule {
  readonly subject: string;
  readonly resource: Matcher;
  readonly action: Matcher;
  readonly object: Matcher;
  readonly effect: "allow" | "deny";
  readonly origin: Origin;
}

/** A `g` line: the member has what the role has. */
export interface Membership {
  readonly member: string;
  readonly role: string;
  readonly origin: Origin;
}
