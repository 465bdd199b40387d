/** What a registry's `WWW-Authenticate` asks for. */
export type Challenge =
  | { readonly scheme: "basic" }
  | {
      readonly scheme: "bearer";
      readonly realm: string;
      readonly service: string | undefined;
      readonly scope: string | undefined;
    };

const parameter = /^\s*,?\s*([a-z_]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s",]+))/i;
const schemeName = /^\s*,?\s*([a-z][a-z0-9-]*)(?=[\s,]|$)/i;

/** Reads every challenge of the header (RFC 9110, 11.6.1) and prefers a token; undefined when there is none we could meet. */
export function parseChallenge(header: string): Challenge | undefined {
  const found: Challenge[] = [];
  let rest = header.slice(0, 8192);
  for (let scheme = schemeName.exec(rest); scheme !== null; scheme = schemeName.exec(rest)) {
    rest = rest.slice(scheme[0].length);
    const parameters = new Map<string, string>();
    for (let one = parameter.exec(rest); one !== null; one = parameter.exec(rest)) {
      rest = rest.slice(one[0].length);
      const value = one[2]?.replaceAll(/\\(.)/g, "$1") ?? one[3] ?? "";
      parameters.set((one[1] ?? "").toLowerCase(), value);
    }
    const name = (scheme[1] ?? "").toLowerCase();
    const realm = parameters.get("realm");
    if (name === "basic") found.push({ scheme: "basic" });
    if (name === "bearer" && realm !== undefined) {
      const [service, scope] = [parameters.get("service"), parameters.get("scope")];
      found.push({ scheme: "bearer", realm, service, scope });
    }
  }
  return found.find(({ scheme }) => scheme === "bearer") ?? found[0];
}
