import { parse } from "yaml";

/** A text of the configuration that is itself YAML, such as `oidc.config`: some aliases serve, many are an attack. Throws the parser's errors. */
export function parseConfigYaml(text: string): unknown {
  return parse(text, { maxAliasCount: 100 }) as unknown;
}
