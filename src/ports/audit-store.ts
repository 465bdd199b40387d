/** Who a request came from. */
interface AuditUser {
  /** For people to read: the account, `proj:<project>:<role>`, or what the identity provider calls it; empty for nobody in particular. */
  readonly name: string;
  /** For policies; another text than the name only for who comes from an identity provider. */
  readonly subject: string;
  readonly kind: "local" | "project" | "oidc" | "anonymous" | "nobody";
  /** The id of the token, never the token; undefined for tokens without one. */
  readonly tokenId?: string;
  /** How many groups the token names. */
  readonly groups: number;
}

interface AuditOrigin {
  /** The other end of the connection. */
  readonly address: string;
  /** The client behind a proxy whose word is taken; undefined when there is none. */
  readonly client?: string;
  readonly userAgent: string;
}

/** What a request names; texts that it does not name are empty. */
export interface AuditTarget {
  readonly kind: string;
  readonly project: string;
  readonly namespace: string;
  readonly name: string;
}

/** An object that a request wrote. */
export interface AuditChange {
  readonly verb: "created" | "changed" | "deleted";
  /** The address of the API server. */
  readonly cluster: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** Keyed digest of the object without its status and what API servers add; undefined where it did not exist or was not known. */
  readonly before?: string;
  readonly after?: string;
}

/** `refused`: by the policy, the authentication, or a limit of logins. */
export const auditOutcomes = ["ok", "refused", "failed"] as const;

export type AuditOutcome = (typeof auditOutcomes)[number];

/** One request: who asked for what, from where, and what came of it. It holds no value of a Secret, no password, no token, no request. */
export interface AuditRecord {
  /** Milliseconds since 1970, when the request came. */
  readonly timeMs: number;
  readonly user: AuditUser;
  readonly from: AuditOrigin;
  /** Such as `application.ApplicationService/Sync`. */
  readonly method: string;
  readonly target: AuditTarget;
  /** The digest of the plan that it approves, or has carried out and no other. */
  readonly plan?: string;
  readonly outcome: AuditOutcome;
  /** `OK`, or the code of the error. */
  readonly code: string;
  readonly durationMs: number;
  /** At most as many as are kept of one request; `moreChanges` says how many there were beside them. */
  readonly changes: readonly AuditChange[];
  readonly moreChanges: number;
  /**
   * So many more requests that did nothing either ended alike, of the same caller and within the minute before, and have no record of their
   * own; undefined for none.
   */
  readonly leftOut?: number;
}

export interface StoredAuditRecord extends AuditRecord {
  /** In the order in which they were kept. */
  readonly id: number;
}

export interface AuditQuery {
  /** Not before this time, in milliseconds since 1970. */
  readonly sinceMs?: number | undefined;
  /** Before this time. */
  readonly untilMs?: number | undefined;
  /** The name of who asked. */
  readonly user?: string | undefined;
  /** The whole name, or that after the slash: `Sync`. */
  readonly method?: string | undefined;
  readonly kind?: string | undefined;
  readonly project?: string | undefined;
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
  /** `ok`, `refused`, `failed`, or a code. */
  readonly result?: string | undefined;
  /** The `next` of the page before. */
  readonly after?: string | undefined;
  /** The most records of one page. */
  readonly limit: number;
}

export interface AuditPage {
  /** Newest first. */
  readonly records: readonly StoredAuditRecord[];
  /** Where the next page begins; undefined when there is none. */
  readonly next: string | undefined;
}

/** Reads records. Throws STORE_UNAVAILABLE, and API_INVALID_ARGUMENT for an `after` that no page gave out. */
export interface AuditReader extends AsyncDisposable {
  list(query: AuditQuery): Promise<AuditPage>;
}

/** Keeps records as they are, within its limits of age and size. What it has kept a killed process does not lose. */
export interface AuditStore extends AuditReader {
  /** Throws STORE_UNAVAILABLE when the record is not kept. */
  append(record: AuditRecord): Promise<void>;
}
