import { isDenyPattern, passes } from "./denial.ts";
import type { AppProject } from "./types.ts";

/** Where a sync writes, and whose Application it is. */
export interface SyncPlace {
  readonly server: string;
  /** Of the destination; empty when the Application names none. */
  readonly namespace: string;
  /** The Application's own. */
  readonly applicationNamespace: string;
}

/** As whom a sync writes: a user name of Kubernetes, or why nobody may. */
export type ServiceAccount =
  | { readonly ok: true; readonly user: string }
  | { readonly ok: false; readonly message: string };

/**
 * The service account of the first entry of `spec.destinationServiceAccounts` that matches the destination, as Argo CD chooses it. One
 * without a namespace is of the destination's, else of the Application's.
 */
export function serviceAccountFor(project: AppProject, place: SyncPlace): ServiceAccount {
  const { server, namespace, applicationNamespace } = place;
  const entries = project.spec.destinationServiceAccounts ?? [];
  const at = entries.findIndex(
    (entry) => isMatch(entry.server, server) && isMatch(entry.namespace ?? "", namespace),
  );
  const field = `spec.destinationServiceAccounts[${at}].defaultServiceAccount`;
  const named = entries[at]?.defaultServiceAccount.trim();
  if (named === undefined) {
    const where = `cluster ${server} with namespace "${namespace}"`;
    return refuse(project, `no entry of spec.destinationServiceAccounts matches ${where}; add one`);
  }
  const [first = "", second, ...more] = named.split(":");
  const home = namespace === "" ? applicationNamespace : namespace;
  const [of, account] = second === undefined ? [home, first] : [first, second];
  if (more.length > 0 || !isName(of) || !isName(account)) {
    return refuse(project, `${field} is "${named}"; write NAME or NAMESPACE:NAME, without patterns`);
  }
  return { ok: true, user: `system:serviceaccount:${of}:${account}` };
}

/** `!` has no meaning here, and a pattern that is no glob matches nothing. */
function isMatch(pattern: string, text: string): boolean {
  return !isDenyPattern(pattern) && passes(pattern, text);
}

function isName(text: string): boolean {
  return /^[a-z0-9](?:[-.a-z0-9]{0,251}[a-z0-9])?$/u.test(text);
}

function refuse({ metadata }: AppProject, problem: string): ServiceAccount {
  return { ok: false, message: `project "${metadata.name}": ${problem}` };
}
