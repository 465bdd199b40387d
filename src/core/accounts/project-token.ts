import type { JsonObject, KubeObject } from "#core/object/index.ts";
import { isJsonObject, viewArray, viewPath, viewNumber, viewString } from "#core/object/index.ts";
import type { ApiToken } from "./account.ts";

/** What a token of a project's role says of itself. */
export interface ProjectTokenClaims {
  readonly role: string;
  /** `jti`; tokens of Argo CD before 1.5 have none. */
  readonly id: string | undefined;
  /** `iat`, in seconds. */
  readonly issuedAt: number;
}

/**
 * Why an AppProject does not vouch for a token, undefined when it does: the role is there and lists the token, in
 * `status.jwtTokensByRole` or in `spec.roles[].jwtTokens`, and the entry has not expired. A token with an id is found by its id
 * alone; without one by the second in which it was issued, among entries that have no id either.
 */
export function refuseProjectToken(
  project: KubeObject,
  token: ProjectTokenClaims,
  nowSeconds: number,
): string | undefined {
  const roles = viewArray(project, "spec", "roles");
  const role = roles.find((each) => viewString(each, "name") === token.role);
  if (role === undefined) return `role ${token.role} does not exist`;
  const entry = listed(project, token.role).find((each) => {
    const id = viewString(each, "id") ?? "";
    return token.id === undefined ? id === "" && viewNumber(each, "iat") === token.issuedAt : id === token.id;
  });
  if (entry === undefined) return `role ${token.role} has no such token`;
  const expiresAt = viewNumber(entry, "exp") ?? 0;
  return expiresAt > 0 && expiresAt <= nowSeconds ? `the token of role ${token.role} expired` : undefined;
}

/** Entries of a role's tokens, wherever a project lists them. */
function listed(project: KubeObject, role: string): readonly JsonObject[] {
  const inSpec = viewArray(project, "spec", "roles").find((each) => viewString(each, "name") === role);
  return [
    ...viewArray(project, "status", "jwtTokensByRole", role, "items"),
    ...viewArray(inSpec, "jwtTokens"),
  ].filter((entry) => isJsonObject(entry));
}

/** The tokens that a project lists for a role, each once; undefined when it has no such role. Those of Argo CD before 1.5 have no id. */
export function roleTokens(project: KubeObject, role: string): readonly ApiToken[] | undefined {
  if (!viewArray(project, "spec", "roles").some((each) => viewString(each, "name") === role))
    return undefined;
  const tokens = new Map<string, ApiToken>();
  for (const entry of listed(project, role)) {
    const [id = "", issuedAt = 0, exp = 0] = [
      viewString(entry, "id"),
      viewNumber(entry, "iat"),
      viewNumber(entry, "exp"),
    ];
    tokens.set(id === "" ? `iat ${issuedAt}` : id, { id, issuedAt, expiresAt: exp === 0 ? undefined : exp });
  }
  return [...tokens.values()];
}

/** The merge patch that has a project list these tokens for a role, in both places where Argo CD looks. */
export function roleTokensPatch(project: KubeObject, role: string, tokens: readonly ApiToken[]): JsonObject {
  const items = tokens.map(({ id, issuedAt, expiresAt }) => ({
    ...(id === "" ? {} : { id }),
    iat: issuedAt,
    ...(expiresAt === undefined ? {} : { exp: expiresAt }),
  }));
  const roles = viewArray(project, "spec", "roles").map((each) =>
    isJsonObject(each) && viewPath(each, "name") === role ? { ...each, jwtTokens: items } : each,
  );
  return { spec: { roles }, status: { jwtTokensByRole: { [role]: { items } } } };
}
