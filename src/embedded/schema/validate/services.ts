import { isIP } from "node:net";
import type { JsonObject, JsonValue } from "#core/object/index.ts";
import { viewArray, viewObject, viewString } from "#core/object/index.ts";
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
import { isLabel, isPortName, isSubdomain } from "./names.ts";
import { checkAddress } from "./pods/dns.ts";
import { checkLabelMap } from "./selectors.ts";
import { specOf } from "./workloads.ts";
import { textOf } from "../text-of.ts";

const types = ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"];
const policies = ["PreferDualStack", "RequireDualStack", "SingleStack"];
const protocols = ["SCTP", "TCP", "UDP"];

export const checkService: KindCheck = ({ next, live }) => {
  const spec = specOf(next);
  // Addresses are given out before anything else is looked at; what is wrong with them is told alone.
  const addresses = [
    ...checkFamilies(spec),
    ...checkClusterIP(spec),
    ...checkClusterIPUpdate(spec.value, live),
  ];
  if (addresses.length > 0) return addresses;
  return [
    ...checkPorts(spec),
    ...checkLabelMap("spec.selector", spec.value["selector"]),
    ...checkPolicies(spec),
    ...checkType(spec),
    ...checkExternal(spec),
  ];
};

function needsPorts(spec: JsonObject): boolean {
  return spec["type"] !== "ExternalName" && spec["clusterIP"] !== "None";
}

function checkFamilies({ path, value }: At): readonly FieldError[] {
  const policy = value["ipFamilyPolicy"];
  const errors = supported(`${path}.ipFamilyPolicy`, policy, policies);
  const isOpen = value["clusterIP"] === "None" && Object.keys(viewObject(value, "selector")).length === 0;
  if (policy !== "RequireDualStack" || isOpen) return errors;
  const detail = "this cluster is not configured for dual-stack services";
  return [...errors, invalid(`${path}.ipFamilyPolicy`, policy, detail)];
}

function checkClusterIP({ path, value }: At): readonly FieldError[] {
  const { type, clusterIP } = value;
  if (typeof clusterIP !== "string" || clusterIP === "") return [];
  if (type === "ExternalName") {
    return [forbidden(`${path}.clusterIPs`, "may not be set for ExternalName services")];
  }
  if (clusterIP !== "None") return checkAddress(`${path}.clusterIPs[0]`, clusterIP);
  if (type !== "LoadBalancer" && type !== "NodePort") return [];
  return [invalid(`${path}.clusterIPs[0]`, clusterIP, `may not be set to 'None' for ${type} services`)];
}

function checkClusterIPUpdate(spec: JsonObject, live: JsonObject | undefined): readonly FieldError[] {
  const before = viewObject(live, "spec");
  const isKept = live !== undefined && spec["type"] !== "ExternalName" && before["type"] !== "ExternalName";
  if (!isKept || viewString(before, "clusterIP") === undefined || before["clusterIP"] === spec["clusterIP"])
    return [];
  return [invalid("spec.clusterIPs[0]", spec["clusterIPs"], "may not change once set")];
}

function checkPorts({ path, value }: At): readonly FieldError[] {
  const items = itemsOf(value, "ports", path);
  if (items.length === 0 && needsPorts(value)) return [required(`${path}.ports`)];
  const names = new Set<string>();
  const errors: FieldError[] = items.flatMap((port) => {
    const name = text(port.value, "name");
    const isRepeated = name !== "" && names.has(name);
    const named_ = checkPortName(port, items.length > 1, isRepeated);
    names.add(name);
    return [...named_, ...checkPort(port, value)];
  });
  return [...errors, ...repeated(items, ({ protocol, port }) => `${textOf(protocol)}/${textOf(port)}`)];
}

function checkPortName({ path, value }: At, isNeeded: boolean, isRepeated: boolean): readonly FieldError[] {
  const name = text(value, "name");
  if (name === "") return isNeeded ? [required(`${path}.name`)] : [];
  const wrong = named(`${path}.name`, name, isLabel);
  return wrong.length === 0 && isRepeated ? [duplicate(`${path}.name`, name)] : wrong;
}

function checkPort({ path, value }: At, spec: JsonObject): readonly FieldError[] {
  const errors = [
    ...between(`${path}.port`, value["port"] ?? 0, ports),
    ...supported(`${path}.protocol`, value["protocol"], protocols),
    ...portOrName(`${path}.targetPort`, value["targetPort"], isPortName),
  ];
  const hasNodePort = value["nodePort"] !== undefined && value["nodePort"] !== 0;
  if (hasNodePort && (spec["type"] === "ClusterIP" || spec["type"] === "ExternalName")) {
    errors.push(forbidden(`${path}.nodePort`, `may not be used when \`type\` is '${textOf(spec["type"])}'`));
  }
  return errors;
}

function repeated(items: readonly At[], keyOf: (port: JsonObject) => string): readonly FieldError[] {
  const seen = new Set<string>();
  return items.flatMap(({ path, value }) => {
    const key = keyOf(value);
    const isRepeated = seen.has(key);
    seen.add(key);
    const { protocol, port } = value;
    const shown = { Name: "", Protocol: protocol, AppProtocol: null, Port: port, TargetPort: 0, NodePort: 0 };
    return isRepeated ? [duplicate(path, shown)] : [];
  });
}

function checkPolicies({ path, value }: At): readonly FieldError[] {
  const errors = [
    ...supported(`${path}.sessionAffinity`, value["sessionAffinity"], ["ClientIP", "None"]),
    ...supported(`${path}.internalTrafficPolicy`, value["internalTrafficPolicy"], ["Cluster", "Local"]),
  ];
  const policy = value["externalTrafficPolicy"];
  if (policy === undefined) return errors;
  const isExternal =
    value["type"] === "NodePort" ||
    value["type"] === "LoadBalancer" ||
    viewArray(value, "externalIPs").length > 0;
  if (!isExternal) {
    return [
      ...errors,
      invalid(`${path}.externalTrafficPolicy`, policy, "may only be set for externally-accessible services"),
    ];
  }
  return [...errors, ...supported(`${path}.externalTrafficPolicy`, policy, ["Cluster", "Local"])];
}

function checkType({ path, value }: At): readonly FieldError[] {
  const errors = [...supported(`${path}.type`, value["type"], types)];
  if (value["type"] !== "ExternalName") return errors;
  const name = text(value, "externalName").replace(/\.$/, "");
  return [
    ...errors,
    ...(name === "" ? [required(`${path}.externalName`)] : named(`${path}.externalName`, name, isSubdomain)),
  ];
}

function checkExternal({ path, value }: At): readonly FieldError[] {
  const errors = viewArray(value, "externalIPs").flatMap((address, i) =>
    checkExternalAddress(`${path}.externalIPs[${i}]`, textOf(address)),
  );
  const ranges = viewArray(value, "loadBalancerSourceRanges");
  if (ranges.length > 0 && value["type"] !== "LoadBalancer") {
    errors.push(
      forbidden(`${path}.LoadBalancerSourceRanges`, "may only be used when `type` is 'LoadBalancer'"),
    );
  }
  return [
    ...errors,
    ...ranges.flatMap((range, i) => checkCidr(`${path}.LoadBalancerSourceRanges[${i}]`, range)),
  ];
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
