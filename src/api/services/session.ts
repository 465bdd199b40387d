import type { ServiceMethods } from "../call.ts";
import type { Caller } from "../caller.ts";
import type { ApiContext } from "../context.ts";

/** `session.SessionService`: logging in and out. */
export function sessionMethods({ authenticator }: ApiContext): ServiceMethods<"session", Caller> {
  return {
    create: async ({ username = "", password = "" }, { caller, address, credentials, setCookies }) => {
      caller.needsNoPermission();
      const { token, cookies } = await authenticator.login({
        username,
        password,
        address,
        cookie: credentials.cookie,
      });
      setCookies(cookies);
      return { token };
    },
    delete: async (_request, { caller, credentials, setCookies }) => {
      caller.needsNoPermission();
      setCookies((await authenticator.logout(credentials)).cookies);
      return {};
    },
    getUserInfo: async (_request, { caller, credentials }) => {
      caller.needsNoPermission();
      return { ...(await authenticator.userInfo(credentials)) };
    },
  };
}
