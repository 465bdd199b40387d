import { passes } from "#core/project/denial.ts";
import type { AppProject, AppProjectSpec } from "#core/project/types.ts";
import { repositoryMatchKey } from "#core/repo/index.ts";
import type { SigningKeys } from "./signing-keys.ts";

/** How the commits of a repository must be signed. */
export interface IntegrityPolicy {
  /** `head`: the commit that is deployed, or its tag when an annotated one is asked for; `strict`: all that led to it, too. */
  readonly mode: "head" | "strict";
  /** Ids and fingerprints of PGP keys in upper case, fingerprints of SSH keys as `SHA256:…`. */
  readonly keys: readonly string[];
  /** The rule's field, for messages. */
  readonly field: string;
  /** Public PGP keys of the installation. */
  readonly keyring: SigningKeys;
}

type Declared = Omit<IntegrityPolicy, "keyring" | "mode"> & {
  readonly repos: readonly string[];
  readonly mode: string;
};

/** In the order of the project; the first that matches a repository is the one that holds, as in Argo CD. */
function declaredPolicies({ sourceIntegrity, signatureKeys = [] }: AppProjectSpec): readonly Declared[] {
  if (sourceIntegrity !== undefined) {
    return sourceIntegrity.git.policies.map(({ repos, gpg }, i) => ({
      repos: repos.map(({ url }) => url),
      mode: gpg.mode,
      keys: gpg.keys.map(normaliseKeyId),
      field: `spec.sourceIntegrity.git.policies[${i}]`,
    }));
  }
  if (signatureKeys.length === 0) return [];
  const keys = signatureKeys.map(({ keyID }) => normaliseKeyId(keyID));
  return [{ repos: ["*"], mode: "head", keys, field: "spec.signatureKeys" }];
}

/**
 * How the commits of a repository must be signed; undefined when they need not be. `*` in a pattern also stands for `/`: a rule that is
 * written too wide checks more than was meant, never less.
 */
export function integrityPolicyOf(
  project: AppProject,
  repoUrl: string,
  keyring: SigningKeys,
): IntegrityPolicy | undefined {
  const url = repositoryMatchKey(repoUrl);
  const found = declaredPolicies(project.spec).find(({ repos }) =>
    repos.some((pattern) => passes(repositoryMatchKey(pattern), url)),
  );
  if (found === undefined || found.mode === "none") return undefined;
  const { mode, keys, field } = found;
  // What is not `head` was refused with the project; if it ever comes here, the most is checked.
  return { mode: mode === "head" ? "head" : "strict", keys, field, keyring };
}

/** What is wrong with a project's rules, by field. */
export function integrityProblems(spec: AppProjectSpec): readonly { path: string; message: string }[] {
  const both =
    spec.sourceIntegrity !== undefined && (spec.signatureKeys ?? []).length > 0
      ? [{ path: "spec.signatureKeys", message: "is set beside spec.sourceIntegrity; keep one of them" }]
      : [];
  const wrong = declaredPolicies(spec).flatMap(({ field, mode, keys }) => [
    ...(["none", "head", "strict"].includes(mode)
      ? []
      : [{ path: `${field}.gpg.mode`, message: `is "${mode}"; write none, head or strict` }]),
    ...(keys.length === 0 && mode !== "none"
      ? [{ path: `${field}.gpg.keys`, message: "is empty, so that nothing could be deployed; name keys" }]
      : []),
    ...keys
      .filter((key) => !isKeyId(key))
      .map((key) => ({
        path: field,
        message: `names the key "${key}"; write the 16 or 40 digits of a PGP key, or SHA256:… of an SSH key`,
      })),
  ]);
  return [...both, ...wrong].map(({ path, message }) => ({ path, message: `${path} ${message}` }));
}

function normaliseKeyId(id: string): string {
  const text = id.trim();
  return text.startsWith("SHA256:") ? text.replace(/=+$/u, "") : text.replace(/^0x|\s/giu, "").toUpperCase();
}

/** Short ids of PGP keys, of 8 digits, can be forged. */
function isKeyId(id: string): boolean {
  return /^(?:[0-9A-F]{16}|[0-9A-F]{40}|[0-9A-F]{64}|SHA256:[\w+/]{43})$/u.test(id);
}
