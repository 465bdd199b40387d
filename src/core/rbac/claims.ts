import type { JsonObject, JsonValue } from "#core/object/index.ts";
import { viewObject, viewString } from "#core/object/index.ts";
import type { AccessSubject } from "./types.ts";

export const anonymous: AccessSubject = { subject: "", groups: [] };

interface ClaimsOptions {
  /** `scopes` of the configuration. */
  readonly scopes: readonly string[];
  /** Whether Mooring itself issued the token; only then may its subject be a project role. */
  readonly isOwn: boolean;
}

const maxGroups = 10_000;

/**
 * Who asks, from the claims of a token that has been verified. The subject is `federated_claims.user_id`, which Dex sets, else `sub`. A scope is
 * the name of a claim, or its path with dots (`realm_access.roles`) where no claim has that name; it holds a text or a list of texts.
 */
export function subjectOfClaims(claims: JsonObject, { scopes, isOwn }: ClaimsOptions): AccessSubject {
  const federated = viewString(claims, "federated_claims", "user_id") ?? "";
  const subject = federated === "" ? (viewString(claims, "sub") ?? "") : federated;
  const groups = scopes.flatMap((scope) => textsOf(claimAt(claims, scope))).slice(0, maxGroups);
  return { subject: isOwn || !/^(?:proj|role):/u.test(subject) ? subject : "", groups };
}

function claimAt(claims: JsonObject, scope: string): JsonValue | undefined {
  if (Object.hasOwn(claims, scope)) return claims[scope];
  const path = scope.split(".");
  const last = path.pop() ?? "";
  const holder = path.reduce((object, part) => viewObject(object, part), claims);
  return Object.hasOwn(holder, last) ? holder[last] : undefined;
}

function textsOf(value: JsonValue | undefined): readonly string[] {
  const list: readonly (JsonValue | undefined)[] = Array.isArray(value) ? value : [value];
  return list.filter((one) => typeof one === "string" && one !== "") as readonly string[];
}
