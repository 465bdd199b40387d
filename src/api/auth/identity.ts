import type { JsonObject } from "#core/object/index.ts";

/** How a request said who it comes from. What a browser sends by itself needs protection from other sites. */
export type Carrier = "metadata" | "bearer" | "cookie";

interface Known {
  /** For people: the account, `proj:<project>:<role>`, or the email address that the provider names. */
  readonly username: string;
  /** For policies: the account, `proj:<project>:<role>`, or who it is for the provider. */
  readonly subject: string;
  readonly issuer: string;
  readonly groups: readonly string[];
  /** All that the token says; `sub` of a local session is the account alone, as in Argo CD. */
  readonly claims: JsonObject;
  readonly carrier: Carrier;
  /** When the token was made, in milliseconds since 1970. */
  readonly issuedAtMs: number;
  /** When the token ends; undefined when it never does. A stream that is open then must end. */
  readonly sessionExpiresAtMs: number | undefined;
}

/** Who asks. */
export type Identity =
  | (Known & {
      readonly kind: "local";
      /** Takes the place of a session that is about to end: to be set as the cookie. */
      readonly renewedToken?: string;
    })
  | (Known & { readonly kind: "project"; readonly project: string; readonly role: string })
  | (Known & { readonly kind: "oidc" })
  | {
      readonly kind: "anonymous";
      readonly username: "";
      readonly subject: "";
      readonly issuer: "";
      readonly groups: readonly string[];
      readonly claims: JsonObject;
      readonly carrier: undefined;
      readonly issuedAtMs: undefined;
      readonly sessionExpiresAtMs: undefined;
    };

/** Nobody in particular, where `users.anonymous.enabled` is set. Nothing of a token ever gets into it. */
export const anonymousIdentity: Identity = Object.freeze({
  kind: "anonymous",
  username: "",
  subject: "",
  issuer: "",
  groups: [],
  claims: {},
  carrier: undefined,
  issuedAtMs: undefined,
  sessionExpiresAtMs: undefined,
});
