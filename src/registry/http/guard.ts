import { lookup as lookUpName } from "node:dns";
import type { LookupFunction } from "node:net";
import { isIP } from "node:net";
import { classifyAddress } from "./address-class.ts";

/** An address that no request may go to. */
export class RefusedAddress extends Error {
  constructor(host: string, address: string) {
    const where = host === address ? address : `${host} (${address})`;
    super(`${where} is an internal address`);
    this.name = "RefusedAddress";
  }
}

function isRefused(address: string, mayBeInternal: boolean): boolean {
  const found = classifyAddress(address);
  return found === "forbidden" || (found === "internal" && !mayBeInternal);
}

/**
 * Resolves names for connections and leaves out refused addresses. The socket connects to what was checked here: a name that
 * changes its mind between a check and the connection gains nothing.
 */
export function guardedLookup(mayBeInternal: boolean): LookupFunction {
  return (host, options, callback) => {
    lookUpName(host, { ...options, all: true }, (error, addresses) => {
      if (error !== null) {
        callback(error, []);
        return;
      }
      const permitted = addresses.filter(({ address }) => !isRefused(address, mayBeInternal));
      const [first] = permitted;
      if (first === undefined) callback(new RefusedAddress(host, addresses[0]?.address ?? "nowhere"), []);
      else if (options.all === true) callback(null, permitted);
      else callback(null, first.address, first.family);
    });
  };
}

/** Throws for a host whose address is known without asking; a proxy would resolve the others. */
export function checkHost(host: string, mayBeInternal: boolean): void {
  const isHere = host === "localhost" || host.endsWith(".localhost");
  if (isHere && !mayBeInternal) throw new RefusedAddress(host, "127.0.0.1");
  if (isIP(host) !== 0 && isRefused(host, mayBeInternal)) throw new RefusedAddress(host, host);
}
