import { isIP } from "node:net";
import { viewArray } from "#core/object/index.ts";
import type { FieldError } from "../rules.ts";
import { textOf } from "../text-of.ts";
import { type At, itemsOf, type KindCheck, named, supported, text } from "./checks.ts";
import { duplicate, invalid, required } from "./field-errors.ts";
import { immutable } from "./metadata.ts";
import { isLabel, isPortName, isSubdomain } from "./names.ts";
import { checkAddress } from "./pods/dns.ts";

const addressTypes = ["FQDN", "IPv4", "IPv6"];
const protocols = ["SCTP", "TCP", "UDP"];

export const checkEndpointSlice: KindCheck = ({ next, live }) => {
  const type = text(next, "addressType");
  return [
    ...(type === "" ? [required("addressType")] : supported("addressType", type, addressTypes)),
    ...itemsOf(next, "endpoints", "").flatMap((endpoint) => checkEndpoint(endpoint, type)),
    ...checkPorts(itemsOf(next, "ports", "")),
    ...(live === undefined ? [] : immutable("addressType", type, live["addressType"])),
  ];
};

function checkEndpoint({ path, value }: At, type: string): readonly FieldError[] {
  const addresses = viewArray(value, "addresses");
  const hostname = text(value, "hostname");
  return [
    ...(addresses.length === 0 ? [required(`${path}.addresses`)] : []),
    ...addresses.flatMap((address, i) => checkOfType(`${path}.addresses[${i}]`, textOf(address), type)),
    ...(hostname === "" ? [] : named(`${path}.hostname`, hostname, isLabel)),
  ];
}

function checkOfType(path: string, address: string, type: string): readonly FieldError[] {
  if (type === "FQDN") return named(path, address, isSubdomain);
  const wrong = checkAddress(path, address);
  if (wrong.length > 0 || `IPv${isIP(address)}` === type || !addressTypes.includes(type)) return wrong;
  return [invalid(path, address, `must be an ${type} address`)];
}

function checkPorts(ports: readonly At[]): readonly FieldError[] {
  const names = new Set<string>();
  return ports.flatMap(({ path, value }) => {
    const name = text(value, "name");
    const wrong = name === "" ? [] : named(`${path}.name`, name, isPortName);
    const isRepeated = names.has(name);
    names.add(name);
    return [
      ...wrong,
      ...(isRepeated ? [duplicate(`${path}.name`, name)] : []),
      ...supported(`${path}.protocol`, value["protocol"], protocols),
    ];
  });
}
