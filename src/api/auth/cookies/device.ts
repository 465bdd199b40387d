import { randomUUID } from "node:crypto";
import type { Account } from "#core/accounts/index.ts";
import type { JsonObject } from "#core/object/index.ts";
import { viewArray, viewNumber, viewString } from "#core/object/index.ts";
import type { CookieScope } from "./cookies.ts";
import { formatCookie, parseCookies } from "./cookies.ts";
import { seal, unseal } from "./sealed.ts";

const deviceCookie = "mooring.device";
const purpose = "known device";
const maxAgeSeconds = 90 * 86_400;
/** A browser is known for so many accounts. */
const maxAccounts = 5;

interface DeviceOptions {
  /** The `Cookie` header. */
  readonly cookie: string | undefined;
  readonly signingKey: Uint8Array;
  readonly nowSeconds: number;
}

/**
 * The id under which this browser is known to have logged in to an account, since its password was changed last. It permits nothing:
 * its wrong passwords are only counted apart from those of others.
 */
export function knownDevice(account: Account | undefined, options: DeviceOptions): string | undefined {
  if (account === undefined) return undefined;
  const found = devicesOf(options).find((each) => viewString(each, "account") === account.name);
  const at = viewNumber(found, "at") ?? 0;
  const changed = Math.floor((account.passwordChangedMs ?? 0) / 1_000);
  const isGood = at >= changed && at + maxAgeSeconds > options.nowSeconds;
  return isGood ? viewString(found, "id") : undefined;
}

/** `Set-Cookie` after a login. */
export function rememberDevice(
  account: Account,
  options: DeviceOptions & { readonly scope: CookieScope },
): string {
  const { signingKey, nowSeconds, scope } = options;
  const id = knownDevice(account, options) ?? randomUUID();
  const others = devicesOf(options).filter((each) => viewString(each, "account") !== account.name);
  const devices = [{ account: account.name, id, at: nowSeconds }, ...others.slice(0, maxAccounts - 1)];
  return formatCookie(deviceCookie, seal({ devices }, { signingKey, purpose }), {
    ...scope,
    maxAge: maxAgeSeconds,
  });
}

function devicesOf({ cookie, signingKey }: DeviceOptions): readonly JsonObject[] {
  const sealed = unseal(parseCookies(cookie).get(deviceCookie) ?? "", { signingKey, purpose });
  return viewArray(sealed, "devices").filter((each): each is JsonObject => typeof each === "object");
}
