import { MooringError } from "#core/errors/index.ts";
import type { AccountView } from "../auth/accounts.ts";
import type { ServiceMethods } from "../call.ts";
import type { Caller } from "../caller.ts";
import type { ApiContext } from "../context.ts";
import type { Account } from "../contract/gen/argocd/account_pb.ts";
import type { ShapeOf } from "../contract/shape.ts";
import { askedPermission } from "./asked-permission.ts";

/** `account.AccountService`: local accounts, their passwords and tokens. */
export function accountMethods({ authenticator }: ApiContext): ServiceMethods<"account", Caller> {
  /** An account's own things need no permission. */
  const requireOn = (caller: Caller, name: string, action: string): void => {
    const isOwn = caller.identity?.kind === "local" && caller.username === name;
    if (isOwn) caller.needsNoPermission();
    else caller.require({ resource: "accounts", action, object: name });
  };
  return {
    canI: ({ resource = "", action = "", subresource = "" }, { caller }) => {
      const asked = askedPermission({ resource, action, object: subresource });
      return Promise.resolve({ value: caller.may(asked) ? "yes" : "no" });
    },
    updatePassword: async (
      { name = "", currentPassword = "", newPassword = "" },
      { caller, address, credentials },
    ) => {
      const whose = name === "" ? caller.username : name;
      requireOn(caller, whose, "update");
      const { identity } = caller;
      if (identity === undefined)
        throw new MooringError("API_UNAUTHENTICATED", "the request has no token; log in");
      await authenticator.updatePassword(identity, {
        name: whose,
        currentPassword,
        newPassword,
        address,
        cookie: credentials.cookie,
      });
      return {};
    },
    listAccounts: (_request, { caller }) => {
      caller.needsNoPermission();
      const items = authenticator
        .listAccounts()
        .filter(({ name }) => caller.may({ resource: "accounts", action: "get", object: name }))
        .map((account) => present(account));
      return Promise.resolve({ items });
    },
    getAccount: ({ name = "" }, { caller }) => {
      caller.require({ resource: "accounts", action: "get", object: name });
      return Promise.resolve(present(authenticator.getAccount(name)));
    },
    createToken: async ({ name = "", id = "", expiresIn = 0 }, { caller }) => {
      requireOn(caller, name, "update");
      return { token: await authenticator.createApiToken(name, { id, expiresInSeconds: expiresIn }) };
    },
    deleteToken: async ({ name = "", id = "" }, { caller }) => {
      requireOn(caller, name, "update");
      await authenticator.deleteApiToken(name, id);
      return {};
    },
  };
}

function present({ name, enabled, capabilities, tokens }: AccountView): ShapeOf<Account> {
  return {
    name,
    enabled,
    capabilities,
    tokens: tokens.map(({ id, issuedAt, expiresAt }) => ({ id, issuedAt, expiresAt: expiresAt ?? 0 })),
  };
}
