import { BlockList, isIP } from "node:net";
import { isJsonObject, viewArray, viewString } from "#core/object/index.ts";
import type { FieldError } from "../rules.ts";
import {
  type At,
  fieldAt,
  itemsOf,
  type KindCheck,
  named,
  portOrName,
  requiredName,
  supported,
  text,
} from "./checks.ts";
import { forbidden, invalid, required } from "./field-errors.ts";
import { immutable } from "./metadata.ts";
import { isDns1035Label, isLabel, isPortName, isSubdomain, isWildcardSubdomain } from "./names.ts";
import { checkLabelSelector } from "./selectors.ts";
import { checkCidr } from "./services.ts";
import { specOf } from "./workloads.ts";
import { textOf } from "../text-of.ts";

const pathTypes = ["Exact", "ImplementationSpecific", "Prefix"];
const protocols = ["TCP", "UDP", "SCTP"];
const refusedInPaths = ["//", "/./", "/../", "%2f", "%2F"];
const refusedAtEnd = ["/..", "/."];

export const checkIngress: KindCheck = ({ next }) => {
  const spec = specOf(next);
  const rules = itemsOf(spec.value, "rules", "spec");
  const backend = fieldAt(spec, "defaultBackend");
  const errors = rules.flatMap((rule) => checkIngressRule(rule));
  if (rules.length === 0 && backend === undefined) {
    errors.push(invalid("spec", undefined, "either `defaultBackend` or `rules` must be specified"));
  }
  if (backend !== undefined) errors.push(...checkBackend(backend));
  errors.push(...itemsOf(spec.value, "tls", "spec").flatMap((tls) => checkTls(tls)));
  const className = viewString(spec.value, "ingressClassName");
  return className === undefined
    ? errors
    : [...errors, ...named("spec.ingressClassName", className, isSubdomain)];
};

function checkIngressRule(rule: At): readonly FieldError[] {
  const http = fieldAt(rule, "http");
  const errors = [...checkHost(`${rule.path}.host`, text(rule.value, "host"))];
  if (http === undefined) return errors;
  const paths = itemsOf(http.value, "paths", http.path);
  if (paths.length === 0) errors.push(required(`${http.path}.paths`));
  return [...errors, ...paths.flatMap((path) => checkIngressPath(path))];
}

function checkHost(path: string, host: string): readonly FieldError[] {
  if (host === "") return [];
  if (isIP(host) !== 0) return [invalid(path, host, "must be a DNS name, not an IP address")];
  return named(path, host, host.includes("*") ? isWildcardSubdomain : isSubdomain);
}

function checkIngressPath(at: At): readonly FieldError[] {
  const { path, value } = at;
  const type = viewString(value, "pathType");
  const backend = fieldAt(at, "backend") ?? { path: `${path}.backend`, value: {} };
  if (type === undefined)
    return [required(`${path}.pathType`, "pathType must be specified"), ...checkBackend(backend)];
  const errors = [...supported(`${path}.pathType`, type, pathTypes)];
  if (type === "Exact" || type === "Prefix")
    errors.push(...checkUrlPath(`${path}.path`, text(value, "path")));
  const isRelative =
    type === "ImplementationSpecific" && text(value, "path") !== "" && !text(value, "path").startsWith("/");
  if (isRelative) errors.push(invalid(`${path}.path`, value["path"], "must be an absolute path"));
  return [...errors, ...checkBackend(backend)];
}

function checkUrlPath(path: string, target: string): readonly FieldError[] {
  const errors = target.startsWith("/") ? [] : [invalid(path, target, "must be an absolute path")];
  for (const part of refusedInPaths) {
    if (target.includes(part)) errors.push(invalid(path, target, `must not contain '${part}'`));
  }
  for (const part of refusedAtEnd) {
    if (target.endsWith(part)) errors.push(invalid(path, target, `cannot end with '${part}'`));
  }
  return errors;
}

function checkBackend(backend: At): readonly FieldError[] {
  const { path, value } = backend;
  const [service, resource] = [fieldAt(backend, "service"), fieldAt(backend, "resource")];
  if (service !== undefined && resource !== undefined) {
    return [invalid(path, "", "cannot set both resource and service backends")];
  }
  if (service === undefined) {
    return isJsonObject(value["resource"])
      ? []
      : [invalid(path, "", "resource or service backend is required")];
  }
  const port = fieldAt(service, "port")?.value ?? {};
  const errors = [...requiredName(`${service.path}.name`, viewString(service.value, "name"), isLabel)];
  const [hasName, hasNumber] = [text(port, "name") !== "", Number(port["number"] ?? 0) !== 0];
  if (hasName && hasNumber) errors.push(invalid(path, "", "cannot set both port name & port number"));
  else if (hasName) errors.push(...named(`${service.path}.port.name`, text(port, "name"), isPortName));
  else if (hasNumber)
    errors.push(...portOrName(`${service.path}.port.number`, port["number"], isDns1035Label));
  else errors.push(required(path, "port name or number is required"));
  return errors;
}

function checkTls({ path, value }: At): readonly FieldError[] {
  const secret = text(value, "secretName");
  return [
    ...viewArray(value, "hosts").flatMap((host, i) => {
      const name = textOf(host);
      return named(`${path}.hosts[${i}]`, name, name.includes("*") ? isWildcardSubdomain : isSubdomain);
    }),
    ...(secret === "" ? [] : named(`${path}.secretName`, secret, isSubdomain)),
  ];
}

export const checkIngressClass: KindCheck = ({ next, live }) => {
  const spec = specOf(next);
  const controller = text(spec.value, "controller");
  if (live !== undefined)
    return immutable("spec.controller", controller, viewString(live, "spec", "controller"));
  if (controller === "") return [required("spec.controller")];
  if (controller.includes("/")) return [];
  return [invalid("spec.controller", controller, `must be a domain-prefixed path (such as "acme.io/foo")`)];
};

export const checkNetworkPolicy: KindCheck = ({ next }) => {
  const spec = specOf(next);
  const selector = fieldAt(spec, "podSelector");
  const errors = selector === undefined ? [] : [...checkLabelSelector(selector)];
  for (const [field, peers] of [
    ["ingress", "from"],
    ["egress", "to"],
  ] as const) {
    for (const rule of itemsOf(spec.value, field, "spec")) {
      errors.push(...itemsOf(rule.value, "ports", rule.path).flatMap((port) => checkPolicyPort(port)));
      errors.push(...itemsOf(rule.value, peers, rule.path).flatMap((peer) => checkPeer(peer)));
    }
  }
  const policyTypes = viewArray(spec.value, "policyTypes");
  return [
    ...errors,
    ...policyTypes.flatMap((type, i) => supported(`spec.policyTypes[${i}]`, type, ["Ingress", "Egress"])),
  ];
};

function checkPolicyPort({ path, value }: At): readonly FieldError[] {
  const errors = [...supported(`${path}.protocol`, value["protocol"], protocols)];
  const { port, endPort } = value;
  if (port === undefined) {
    return endPort === undefined
      ? errors
      : [...errors, required(`${path}.port`, "must be specified when `endPort` is specified")];
  }
  errors.push(...portOrName(`${path}.port`, port, isPortName));
  if (endPort === undefined) return errors;
  if (typeof port === "string")
    errors.push(invalid(`${path}.endPort`, endPort, "may not be specified when `port` is non-numeric"));
  else if (Number(endPort) < Number(port))
    errors.push(invalid(`${path}.endPort`, endPort, "must be greater than or equal to `port`"));
  return errors;
}

function checkPeer(peer: At): readonly FieldError[] {
  const { path, value } = peer;
  const selectors = ["podSelector", "namespaceSelector"].flatMap((field) => fieldAt(peer, field) ?? []);
  const block = fieldAt(peer, "ipBlock");
  const errors = selectors.flatMap((selector) => checkLabelSelector(selector));
  if (block !== undefined) errors.push(...checkBlock(block));
  if (selectors.length === 0 && block === undefined) errors.push(required(path, "must specify a peer"));
  if (selectors.length > 0 && value["ipBlock"] !== undefined) {
    errors.push(forbidden(path, "may not specify both ipBlock and another peer"));
  }
  return errors;
}

function checkBlock({ path, value }: At): readonly FieldError[] {
  const cidr = text(value, "cidr");
  if (cidr === "") return [required(`${path}.cidr`)];
  const wrong = checkCidr(`${path}.cidr`, cidr);
  if (wrong.length > 0) return wrong;
  return viewArray(value, "except").flatMap((except, i) => {
    const at = `${path}.except[${i}]`;
    const errors = checkCidr(at, except);
    if (errors.length > 0) return errors;
    return isWithin(textOf(except), cidr) ? [] : [invalid(at, except, "must be a strict subset of `cidr`")];
  });
}

function isWithin(inner: string, outer: string): boolean {
  const [[innerAddress = "", innerBits = ""], [outerAddress = "", outerBits = ""]] = [
    inner.split("/"),
    outer.split("/"),
  ];
  const family = isIP(outerAddress) === 4 ? "ipv4" : "ipv6";
  if (isIP(innerAddress) !== isIP(outerAddress) || Number(innerBits) <= Number(outerBits)) return false;
  const block = new BlockList();
  block.addSubnet(outerAddress, Number(outerBits), family);
  return block.check(innerAddress, family);
}
