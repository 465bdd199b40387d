/**
 * Where a browser goes to end its session at the provider, too: `logoutURL` of `oidc.config` with `{{token}}` (the ID token) and
 * `{{logoutRedirectURL}}` filled in.
 */
export function buildLogoutUrl(template: string, idToken: string, returnUrl: string): string {
  return template
    .replaceAll("{{token}}", encodeURIComponent(idToken))
    .replaceAll("{{logoutRedirectURL}}", encodeURIComponent(returnUrl));
}
