import type { LookupAddress } from "node:dns";
import { expect, it } from "vitest";
import { checkHost, guardedLookup } from "./guard.ts";

type Found = string | readonly LookupAddress[];

function lookUp(host: string, mayBeInternal: boolean, all: boolean): Promise<Found> {
  const { promise, resolve, reject } = Promise.withResolvers<Found>();
  guardedLookup(mayBeInternal)(host, { all }, (error, addresses) => {
    if (error === null) resolve(addresses);
    else reject(error);
  });
  return promise;
}

// Class: requests to inside.
it("a name is resolved to addresses that may be connected to, and to no others", async () => {
  for (const all of [true, false]) {
    await expect(lookUp("localhost", false, all)).rejects.toThrow(
      /^localhost \(\S+\) is an internal address$/,
    );
  }
  expect(await lookUp("localhost", true, false)).toMatch(/^(?:127\.0\.0\.1|::1)$/);
  const found = await lookUp("localhost", true, true);
  expect(Array.isArray(found) && found.length > 0).toBe(true);
  await expect(lookUp("no-such-name.invalid", true, true)).rejects.toMatchObject({ syscall: "getaddrinfo" });
});

it("an address that is written out is checked without asking anybody", () => {
  expect(() => checkHost("127.0.0.1", false)).toThrow("127.0.0.1 is an internal address");
  expect(() => checkHost("a.localhost", false)).toThrow("a.localhost (127.0.0.1) is an internal address");
  expect(() => checkHost("169.254.169.254", true)).toThrow("169.254.169.254 is an internal address");
  expect([checkHost("127.0.0.1", true), checkHost("1.1.1.1", false), checkHost("acme.com", false)]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});
