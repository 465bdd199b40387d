import { isIP } from "node:net";
import type { JsonObject, JsonValue } from "#core/object/index.ts";
import { viewArray, viewObject, viewPath } from "#core/object/index.ts";
import type { FieldError } from "../rules.ts";
import {
  type At,
  between,
  itemsOf,
  type KindCheck,
  named,
  portOrName,
  ports,
  supported,
  text,
} from "./checks.ts";
import { duplicate, forbidden, invalid, required } from "./field-errors.ts";
import { isUnset } from "../complete/defaults/draft.ts";
import { isLabel, isLabelKey, isPortName, isSubdomain } from "./names.ts";
import { checkAllocations, checkUnchanged, checkWithoutAddresses } from "./service-addresses.ts";
import { checkAddress } from "./pods/dns.ts";
import { checkLabelMap } from "./selectors.ts";
import { specOf } from "./workloads.ts";
import { textOf } from "../text-of.ts";

const types = ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"];
const protocols = ["SCTP", "TCP", "UDP"];
const distributions = ["PreferClose", "PreferSameZone", "PreferSameNode"];
const onlyBalanced = "may only be used when `type` is 'LoadBalancer'";
const maxAffinitySeconds = 86_400;

/** What is told alone, before anything else is looked at. */
export const checkServiceAllocations: KindCheck = ({ next, live, dryRun }, cluster) =>
  checkAllocations({ spec: specOf(next), live, cluster, dryRun });

export const checkService: KindCheck = ({ next, live }) => {
  const spec = specOf(next);
  return [
    ...checkUnchanged(spec.value, live),
    ...checkNeeds(spec),
    ...checkPorts(spec),
    ...checkLabelMap("spec.selector", spec.value["selector"]),
    ...checkAffinity(spec),
    ...checkExternalAddresses(spec),
    ...requiredOf(`${spec.path}.type`, spec.value["type"], types),
    ...checkNodePorts(spec),
    ...repeated(itemsOf(spec.value, "ports", spec.path)),
    ...checkBalancing(spec, live),
    ...checkExternalPolicy(spec),
    ...supported(`${spec.path}.internalTrafficPolicy`, spec.value["internalTrafficPolicy"], [
      "Cluster",
      "Local",
    ]),
    ...supported(`${spec.path}.trafficDistribution`, spec.value["trafficDistribution"], distributions),
  ];
};

function requiredOf(
  path: string,
  value: JsonValue | undefined,
  values: readonly string[],
): readonly FieldError[] {
  return isUnset(value) ? [required(path)] : supported(path, value, values);
}

/** What Services of a type have to have, and what they cannot have. */
function checkNeeds({ path, value }: At): readonly FieldError[] {
  const { type, clusterIP } = value;
  const errors: FieldError[] = [];
  if (viewArray(value, "ports").length === 0 && type !== "ExternalName" && clusterIP !== "None")
    errors.push(required(`${path}.ports`));
  if (type === "ExternalName") {
    const name = text(value, "externalName").replace(/\.$/, "");
    const wrong =
      name === "" ? [required(`${path}.externalName`)] : named(`${path}.externalName`, name, isSubdomain);
    return [...errors, ...checkWithoutAddresses({ path, value }), ...wrong];
  }
  if (clusterIP === "None" && (type === "LoadBalancer" || type === "NodePort"))
    errors.push(invalid(`${path}.clusterIPs[0]`, clusterIP, `may not be set to 'None' for ${type} services`));
  return errors;
}

function checkPorts({ path, value }: At): readonly FieldError[] {
  const items = itemsOf(value, "ports", path);
  const names = new Set<string>();
  return items.flatMap((port) => {
    const name = text(port.value, "name");
    const repeatedName = name !== "" && names.has(name) ? [duplicate(`${port.path}.name`, name)] : [];
    names.add(name);
    return [...checkPortName(port, items.length > 1), ...repeatedName, ...checkPort(port)];
  });
}

function checkPortName({ path, value }: At, isNeeded: boolean): readonly FieldError[] {
  const name = text(value, "name");
  if (name !== "") return named(`${path}.name`, name, isLabel);
  return isNeeded ? [required(`${path}.name`)] : [];
}

function checkPort({ path, value }: At): readonly FieldError[] {
  const { port = 0, protocol, targetPort, appProtocol } = value;
  return [
    ...between(`${path}.port`, port, ports),
    ...requiredOf(`${path}.protocol`, protocol, protocols),
    ...portOrName(`${path}.targetPort`, targetPort, isPortName),
    ...(appProtocol === undefined ? [] : named(`${path}.appProtocol`, textOf(appProtocol), isLabelKey)),
  ];
}

function checkAffinity({ path, value }: At): readonly FieldError[] {
  const { sessionAffinity: affinity, sessionAffinityConfig: config } = value;
  const at = `${path}.sessionAffinityConfig`;
  const errors = requiredOf(`${path}.sessionAffinity`, affinity, ["ClientIP", "None"]);
  if (affinity === "None" && config !== undefined)
    return [...errors, forbidden(at, "must not be set when session affinity is None")];
  if (affinity !== "ClientIP") return errors;
  if (config === undefined) return [...errors, required(at, "when session affinity type is ClientIP")];
  if (viewPath(config, "clientIP") === undefined)
    return [...errors, required(`${at}.clientIP`, "when session affinity type is ClientIP")];
  const seconds = viewPath(config, "clientIP", "timeoutSeconds");
  const where = `${at}.clientIP.timeoutSeconds`;
  if (seconds === undefined) return [...errors, required(where, "when session affinity type is ClientIP")];
  if (typeof seconds !== "number" || (seconds > 0 && seconds <= maxAffinitySeconds)) return errors;
  return [...errors, invalid(where, seconds, `must be greater than 0 and less than ${maxAffinitySeconds}`)];
}

function checkNodePorts({ path, value }: At): readonly FieldError[] {
  const items = itemsOf(value, "ports", path).filter((port) => (port.value["nodePort"] ?? 0) !== 0);
  const unused = value["type"] === "ClusterIP" ? items : [];
  const seen = new Set<string>();
  return [
    ...unused.map((port) => forbidden(`${port.path}.nodePort`, "may not be used when `type` is 'ClusterIP'")),
    ...items.flatMap((port) => {
      const { protocol, nodePort = null } = port.value;
      const key = `${textOf(protocol)}/${textOf(nodePort)}`;
      const isRepeated = seen.has(key);
      seen.add(key);
      return isRepeated ? [duplicate(`${port.path}.nodePort`, nodePort)] : [];
    }),
  ];
}

function repeated(items: readonly At[]): readonly FieldError[] {
  const seen = new Set<string>();
  return items.flatMap(({ path, value: { protocol, port } }) => {
    const key = `${textOf(protocol)}/${textOf(port)}`;
    const isRepeated = seen.has(key);
    seen.add(key);
    const shown = { Name: "", Protocol: protocol, AppProtocol: null, Port: port, TargetPort: 0, NodePort: 0 };
    return isRepeated ? [duplicate(path, shown)] : [];
  });
}

/** What only Services with a load balancer have. */
function checkBalancing({ path, value }: At, live: JsonObject | undefined): readonly FieldError[] {
  const isBalanced = value["type"] === "LoadBalancer";
  const ranges = viewArray(value, "loadBalancerSourceRanges");
  const errors: FieldError[] = [];
  if (ranges.length > 0 && !isBalanced)
    errors.push(forbidden(`${path}.LoadBalancerSourceRanges`, onlyBalanced));
  errors.push(...ranges.flatMap((range, i) => checkCidr(`${path}.LoadBalancerSourceRanges[${i}]`, range)));
  const { allocateLoadBalancerNodePorts: allocates, loadBalancerClass } = value;
  if (allocates !== undefined && !isBalanced)
    errors.push(forbidden(`${path}.allocateLoadBalancerNodePorts`, onlyBalanced));
  const before = viewObject(live, "spec");
  if (isBalanced && before["type"] === "LoadBalancer" && before["loadBalancerClass"] !== loadBalancerClass)
    errors.push(invalid(`${path}.loadBalancerClass`, loadBalancerClass, "may not change once set"));
  if (loadBalancerClass === undefined) return errors;
  const wrong = isBalanced
    ? named(`${path}.loadBalancerClass`, textOf(loadBalancerClass), isLabelKey)
    : [forbidden(`${path}.loadBalancerClass`, onlyBalanced)];
  return [...errors, ...wrong];
}

function checkExternalPolicy({ path, value }: At): readonly FieldError[] {
  const { type, externalTrafficPolicy: policy, healthCheckNodePort: port = 0 } = value;
  const at = `${path}.externalTrafficPolicy`;
  const isExternal =
    type === "NodePort" ||
    type === "LoadBalancer" ||
    (type === "ClusterIP" && viewArray(value, "externalIPs").length > 0);
  const outside = "may only be set for externally-accessible services";
  const errors = isExternal
    ? requiredOf(at, policy, ["Cluster", "Local"])
    : isUnset(policy)
      ? []
      : [invalid(at, policy, outside)];
  const isChecked = type === "LoadBalancer" && policy === "Local";
  if (isChecked || port === 0) return errors;
  const detail = "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'";
  return [...errors, invalid(`${path}.healthCheckNodePort`, port, detail)];
}

function checkExternalAddresses({ path, value }: At): readonly FieldError[] {
  return viewArray(value, "externalIPs").flatMap((address, i) =>
    checkExternalAddress(`${path}.externalIPs[${i}]`, textOf(address)),
  );
}

function checkExternalAddress(path: string, address: string): readonly FieldError[] {
  const errors = checkAddress(path, address);
  if (errors.length > 0) return errors;
  if (/^(?:0\.0\.0\.0|::)$/.test(address))
    return [invalid(path, address, `may not be unspecified (${address})`)];
  if (/^127\.|^::1$/.test(address)) {
    return [invalid(path, address, "may not be in the loopback range (127.0.0.0/8, ::1/128)")];
  }
  return /^169\.254\.|^fe80:/i.test(address)
    ? [invalid(path, address, "may not be in the link-local range (169.254.0.0/16, fe80::/10)")]
    : [];
}

export function checkCidr(path: string, value: JsonValue | undefined): readonly FieldError[] {
  const [address = "", bits = "", ...more] = textOf(value).split("/");
  const family = isIP(address);
  const isRight =
    family !== 0 && more.length === 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128);
  return isRight
    ? []
    : [invalid(path, value, "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)")];
}
