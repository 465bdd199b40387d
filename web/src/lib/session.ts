import { queryOptions, useQuery } from "@tanstack/react-query";
import { call } from "./api/index.ts";

/** Who is logged in; `loggedIn` is missing when nobody is. */
export const sessionQuery = queryOptions({
  queryKey: ["session"],
  queryFn: ({ signal }) => call("session.getUserInfo", {}, { signal }),
  staleTime: 60_000,
});

/** What the server tells of itself: how to log in, banners. */
export const settingsQuery = queryOptions({
  queryKey: ["settings"],
  queryFn: ({ signal }) => call("settings.get", {}, { signal }),
  staleTime: 300_000,
});

export const versionQuery = queryOptions({
  queryKey: ["version"],
  queryFn: ({ signal }) => call("version.version", {}, { signal }),
  staleTime: Infinity,
});

/** Whether the policy lets the user do something, by which buttons are disabled; undefined until it is known. The server decides all the same. */
export function useMay(resource: string, action: string, object: string): boolean | undefined {
  const { data } = useQuery({
    queryKey: ["may", resource, action, object],
    queryFn: ({ signal }) => call("account.canI", { resource, action, subresource: object }, { signal }),
    staleTime: 60_000,
  });
  return data === undefined ? undefined : data.value === "yes";
}
