import { MooringError } from "#core/errors/index.ts";
import type { Identity } from "./auth/index.ts";
import type { Call } from "./call.ts";

/** What a policy is asked about. */
export interface Permission {
  readonly resource: string;
  readonly action: string;
  /** `<project>/<name>` for what belongs to a project, else the name. */
  readonly object: string;
}

/** Who sends a request, and what they may do. */
export interface Caller {
  /** Undefined for nobody in particular, and for whoever calls a method that is open to all without a good token. */
  readonly identity: Identity | undefined;
  /** For people to read: the account, `proj:<project>:<role>`, or what the identity provider calls it; empty for nobody in particular. */
  readonly username: string;
  readonly groups: readonly string[];
  readonly issuer: string;
  /** Whether the policy permits it. To have asked is what lets an answer out. */
  may(permission: Permission): boolean;
  /** Throws API_FORBIDDEN that names what is missing. */
  require(permission: Permission): void;
  /** Says that the answer is for everybody, or holds nothing but what the caller is or has themself. */
  needsNoPermission(): void;
  /** True once one of the above was called. */
  readonly isChecked: boolean;
}

/** One request as the services see it. */
export type ApiCall = Call<Caller>;

export interface CallerOptions {
  readonly identity: Identity | undefined;
  readonly permits: (permission: Permission) => boolean;
}

export function createCaller({ identity, permits }: CallerOptions): Caller {
  const { username, groups, issuer } = identity ?? { username: "", groups: [], issuer: "" };
  let isChecked = false;
  const may = (permission: Permission): boolean => {
    isChecked = true;
    return permits(permission);
  };
  return {
    identity,
    username,
    groups,
    issuer,
    may,
    require: (permission) => {
      if (!may(permission)) throw forbidden(permission, username);
    },
    needsNoPermission: () => void (isChecked = true),
    get isChecked() {
      return isChecked;
    },
  };
}

/** What somebody is told who may not do something; the same whether the thing exists or not. */
export function forbidden({ resource, action, object }: Permission, username: string): MooringError {
  const who = username === "" ? "nobody in particular" : username;
  return new MooringError(
    "API_FORBIDDEN",
    `permission denied: ${resource}, ${action}, ${object}, sub: ${who}; ask for it in policy.csv of argocd-rbac-cm`,
  );
}
