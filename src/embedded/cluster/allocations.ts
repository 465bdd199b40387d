import { viewArray, viewNumber, viewString } from "#core/object/index.ts";
import { ApiError } from "../api-error.ts";
import type { ClusterAllocations } from "../schema/complete/prepare/prepare.ts";
import type { Store } from "../storage/store.ts";

const services = "/services";
const ports = { first: 30_000, last: 32_767 } as const;
/** 10.96.0.0/16 without its first address, which is the API server's own, and its last. */
const addresses = { first: 2, last: 0xffff - 1 } as const;
/** The lower ones of both are left to Services that ask for them, until there are no others. */
const [firstGivenAddress, firstGivenPort] = [0x101, 30_086];

/** Addresses and ports of Services that are handed out once: what Services have is taken. */
export function createAllocations(store: () => Store): ClusterAllocations["allocate"] {
  let nextAddress = firstGivenAddress;
  let nextPort = firstGivenPort;
  return {
    clusterIP: () => {
      const taken = takenAddresses(store());
      for (let tries = addresses.first; tries <= addresses.last; tries += 1) {
        const address = `10.96.${nextAddress >> 8}.${nextAddress & 0xff}`;
        nextAddress = nextAddress >= addresses.last ? addresses.first : nextAddress + 1;
        if (!taken.has(address)) return address;
      }
      throw new ApiError("InternalError", "failed to allocate a serviceIP: range is full");
    },
    nodePort: () => {
      const taken = takenPorts(store());
      for (let tries = ports.first; tries <= ports.last; tries += 1) {
        const port = nextPort;
        nextPort = nextPort >= ports.last ? ports.first : nextPort + 1;
        if (!taken.has(port)) return port;
      }
      throw new ApiError("InternalError", "failed to allocate a nodePort: range is full");
    },
    refusesAddress: (address, isTried) => {
      if (!isInRange(address))
        return isTried
          ? `the provided IP (${address}) is not in the valid range. The range of valid IPs is 10.96.0.0/16`
          : "the provided network does not match the current range";
      return takenAddresses(store()).has(address) ? "provided IP is already allocated" : undefined;
    },
    refusesPort: (port) => {
      if (port < ports.first || port > ports.last)
        return `provided port is not in the valid range. The range of valid ports is ${ports.first}-${ports.last}`;
      return takenPorts(store()).has(port) ? "provided port is already allocated" : undefined;
    },
  };
}

function isInRange(address: string): boolean {
  return /^10\.96\.\d{1,3}\.\d{1,3}$/.test(address) && address !== "10.96.0.0" && address !== "10.96.255.255";
}

function takenAddresses(store: Store): ReadonlySet<string> {
  return new Set(
    store.list({ resource: services }).map(({ object }) => viewString(object, "spec", "clusterIP") ?? ""),
  );
}

function takenPorts(store: Store): ReadonlySet<number> {
  const all = store.list({ resource: services }).flatMap(({ object }) => viewArray(object, "spec", "ports"));
  return new Set(all.map((port) => viewNumber(port, "nodePort") ?? 0));
}
