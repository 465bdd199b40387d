import type { JsonObject, KubeObject } from "#core/object/index.ts";
import { formatTime } from "#runtime/clock.ts";
import type { SystemCalls } from "../../collect/system-calls.ts";
import { resources } from "../base/resources.ts";

/** More would not fit into the addresses that nodes give to their pods. */
const maxNodes = 100;

const capacity: JsonObject = {
  cpu: "16",
  memory: "64Gi",
  "ephemeral-storage": "512Gi",
  pods: "65534",
};

/** Makes the nodes that are not there yet. */
export function ensureNodes(calls: SystemCalls, count: number, now: number): void {
  for (let number = 1; number <= Math.min(count, maxNodes); number += 1) {
    const name = `node-${number}`;
    const key = { resource: resources.nodes, namespace: "", name };
    if (calls.read(key) !== undefined) continue;
    const created = calls.create(key, nodeOf(name, number));
    if (created !== undefined) {
      calls.replace(key, { ...created, status: statusOf({ name, number, time: formatTime(now) }) }, "status");
    }
  }
}

function nodeOf(name: string, number: number): KubeObject {
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name,
      labels: {
        "kubernetes.io/arch": "amd64",
        "kubernetes.io/hostname": name,
        "kubernetes.io/os": "linux",
      },
    },
    spec: {
      podCIDR: `10.${100 + number}.0.0/16`,
      podCIDRs: [`10.${100 + number}.0.0/16`],
      providerID: `simulated://${name}`,
    },
  };
}

interface Named {
  readonly name: string;
  readonly number: number;
  readonly time: string;
}

function statusOf({ name, number, time }: Named): JsonObject {
  return {
    addresses: [
      { type: "InternalIP", address: `172.18.0.${number + 1}` },
      { type: "Hostname", address: name },
    ],
    allocatable: capacity,
    capacity,
    conditions: [
      pressure("MemoryPressure", "KubeletHasSufficientMemory", time),
      pressure("DiskPressure", "KubeletHasNoDiskPressure", time),
      pressure("PIDPressure", "KubeletHasSufficientPID", time),
      {
        type: "Ready",
        status: "True",
        reason: "KubeletReady",
        message: "kubelet is posting ready status",
        lastHeartbeatTime: time,
        lastTransitionTime: time,
      },
    ],
    daemonEndpoints: { kubeletEndpoint: { Port: 10250 } },
    nodeInfo: {
      architecture: "amd64",
      bootID: "simulated",
      containerRuntimeVersion: "simulated://1",
      kernelVersion: "simulated",
      kubeProxyVersion: "",
      kubeletVersion: "simulated",
      machineID: name,
      operatingSystem: "linux",
      osImage: "simulated",
      systemUUID: name,
    },
  };
}

function pressure(type: string, reason: string, time: string): JsonObject {
  return {
    type,
    status: "False",
    reason,
    message: `${reason.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase()}`,
    lastHeartbeatTime: time,
    lastTransitionTime: time,
  };
}
