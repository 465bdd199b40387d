import { viewArray, viewNumber, viewString } from "#core/object/index.ts";
import { ApiError } from "../api-error.ts";
import type { Store } from "../storage/store.ts";

const services = "/services";
const ports = { first: 30_000, last: 32_767 } as const;
/** 10.96.0.0/16 without its first address, which is the API server's own, and its last. */
const lastAddress = 0xffff - 1;

/** Addresses and ports of Services that are handed out once: what Services have is taken. */
export function createAllocations(store: () => Store): { clusterIP(): string; nodePort(): number } {
  let nextAddress = 2;
  let nextPort: number = ports.first;
  return {
    clusterIP: () => {
      const taken = takenAddresses(store());
      for (let tries = 0; tries < lastAddress; tries += 1) {
        const address = `10.96.${nextAddress >> 8}.${nextAddress & 0xff}`;
        nextAddress = nextAddress >= lastAddress ? 2 : nextAddress + 1;
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
  };
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
