/** Who asks: the name in a token or account, and the groups that the configured claims hold. Anonymous: an empty subject and no groups. */
export interface AccessSubject {
  readonly subject: string;
  readonly groups: readonly string[];
}

/** What is asked for: `applications`, `sync`, `shop/web`. */
export interface AccessRequest {
  readonly resource: string;
  readonly action: string;
  readonly object: string;
}

/** Where a line stands: `argocd-rbac-cm policy.csv`, `built-in`, `AppProject/shop role deployer`. */
export interface Origin {
  readonly source: string;
  /** From 1; undefined for what follows from a role without being written. */
  readonly line?: number;
  /** The line, cut where it is very long. */
  readonly text: string;
}

/** Whose right the line is: the asker's own name, one of the groups, or the role that everybody has by `policy.default`. */
export interface Through {
  readonly kind: "subject" | "group" | "policy.default";
  readonly name: string;
}

export interface Because extends Origin {
  readonly through?: Through;
}

export interface Decision {
  readonly allowed: boolean;
  /** The line that decided; undefined when no line allows it and none denies it. */
  readonly because: Because | undefined;
}

/** Something wrong with a policy. An `error` should be refused where policies are written; a `warning` has no harm in itself. */
export interface RbacProblem {
  readonly severity: "error" | "warning";
  readonly source: string;
  readonly line?: number;
  /** Begins with source and line; says what is wrong, what holds until it is corrected, and the fix. */
  readonly message: string;
}

/** `policy.matchMode`. */
export type MatchMode = "glob" | "regex";
