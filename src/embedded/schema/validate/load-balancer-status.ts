import { isIP } from "node:net";
import { viewObject } from "#core/object/index.ts";
import type { FieldError } from "../rules.ts";
import { type At, itemsOf, type KindCheck, named, supported, text } from "./checks.ts";
import { forbidden, invalid, required } from "./field-errors.ts";
import { isSubdomain } from "./names.ts";
import { checkAddress } from "./pods/dns.ts";

const path = "status.loadBalancer";

export const checkServiceStatus: KindCheck = ({ next }) => {
  const items = itemsOf(viewObject(next, "status", "loadBalancer"), "ingress", path);
  const isBalanced = viewObject(next, "spec")["type"] === "LoadBalancer";
  const detail = "may only be used when `spec.type` is 'LoadBalancer'";
  return [
    ...(items.length > 0 && !isBalanced ? [forbidden(`${path}.ingress`, detail)] : []),
    ...(isBalanced ? items.flatMap((item) => [...checkMode(item), ...checkHost(item)]) : []),
  ];
};

export const checkIngressStatus: KindCheck = ({ next }) =>
  itemsOf(viewObject(next, "status", "loadBalancer"), "ingress", path).flatMap((item) => checkHost(item));

function checkMode({ path: at, value }: At): readonly FieldError[] {
  const hasAddress = text(value, "ip") !== "";
  const mode = value["ipMode"];
  if (hasAddress && mode === undefined)
    return [required(`${at}.ipMode`, "must be specified when `ip` is set")];
  if (!hasAddress && mode !== undefined)
    return [forbidden(`${at}.ipMode`, "may not be specified when `ip` is not set")];
  return supported(`${at}.ipMode`, mode, ["Proxy", "VIP"]);
}

function checkHost({ path: at, value }: At): readonly FieldError[] {
  const [address, host] = [text(value, "ip"), text(value, "hostname")];
  return [
    ...(address === "" ? [] : checkAddress(`${at}.ip`, address)),
    ...(host === "" ? [] : named(`${at}.hostname`, host, isSubdomain)),
    ...(isIP(host) === 0 ? [] : [invalid(`${at}.hostname`, host, "must be a DNS name, not an IP address")]),
  ];
}
