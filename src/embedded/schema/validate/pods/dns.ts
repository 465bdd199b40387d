import { isIP } from "node:net";
import type { JsonValue } from "#core/object/index.ts";
import { viewArray } from "#core/object/index.ts";
import type { FieldError } from "../../rules.ts";
import { type At, fieldAt, itemsOf, named, supported, text } from "../checks.ts";
import { invalid, required } from "../field-errors.ts";
import { isSubdomain } from "../names.ts";
import { textOf } from "../../text-of.ts";

const policies = ["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"];
const maxNameservers = 3;
const maxSearches = 32;

export function checkDns(at: At): readonly FieldError[] {
  const { path, value: spec } = at;
  const errors = [...supported(`${path}.dnsPolicy`, spec["dnsPolicy"], policies)];
  const config = fieldAt(at, "dnsConfig");
  const nameservers = viewArray(config?.value, "nameservers");
  if (spec["dnsPolicy"] === "None" && nameservers.length === 0) {
    const detail =
      config === undefined
        ? "must provide `dnsConfig` when `dnsPolicy` is None"
        : "must provide at least one DNS nameserver when `dnsPolicy` is None";
    errors.push(required(config === undefined ? `${path}.dnsConfig` : `${config.path}.nameservers`, detail));
  }
  return config === undefined ? errors : [...errors, ...checkDnsConfig(config, nameservers)];
}

function checkDnsConfig(
  { path, value: config }: At,
  nameservers: readonly JsonValue[],
): readonly FieldError[] {
  const errors = nameservers.flatMap((address, i) =>
    checkAddress(`${path}.nameservers[${i}]`, textOf(address)),
  );
  if (nameservers.length > maxNameservers) {
    errors.push(
      invalid(`${path}.nameservers`, nameservers, `must not have more than ${maxNameservers} nameservers`),
    );
  }
  const searches = viewArray(config, "searches");
  if (searches.length > maxSearches) {
    errors.push(invalid(`${path}.searches`, searches, `must not have more than ${maxSearches} search paths`));
  }
  const options = itemsOf(config, "options", path).filter(({ value }) => text(value, "name") === "");
  return [...errors, ...options.map((option) => required(option.path, "must not be empty"))];
}

export function checkHostAliases({ path, value: spec }: At): readonly FieldError[] {
  return itemsOf(spec, "hostAliases", path).flatMap((alias) => [
    ...checkAddress(`${alias.path}.ip`, text(alias.value, "ip")),
    ...viewArray(alias.value, "hostnames").flatMap((name, i) =>
      named(`${alias.path}.hostnames[${i}]`, textOf(name), isSubdomain),
    ),
  ]);
}

export function checkAddress(path: string, address: string): readonly FieldError[] {
  if (isIP(address) !== 0) return [];
  return [invalid(path, address, "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)")];
}
