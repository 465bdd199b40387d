import type { InfiniteData } from "@tanstack/react-query";
import { QueryClient } from "@tanstack/react-query";
import { expect, it } from "vitest";
import type { Application, ListPage } from "./list-query.ts";
import { filterOf, keyOf, listQuery, putApplications } from "./list-query.ts";

function app(name: string, health: string): Application {
  return { metadata: { name, namespace: "argocd" }, status: { health: { status: health } } } as Application;
}

it("asks the server for what the search names, and for nothing else", () => {
  expect(filterOf({})).toEqual({});
  expect(
    filterOf({ text: "web", health: ["Degraded"], project: ["shop"], labels: "a=b", automated: false }),
  ).toEqual({
    text: "web",
    healthStatus: ["Degraded"],
    projects: ["shop"],
    selector: "a=b",
    automated: false,
  });
  expect(filterOf({ sort: "-createdAt", look: "tiles", favourites: true })).toEqual({});
});

it("keeps one answer for what differs in its look alone", () => {
  const key = (search: Parameters<typeof listQuery>[0]) => listQuery(search).queryKey;
  expect(key({ text: "a", look: "tiles", favourites: true })).toEqual(key({ text: "a" }));
  expect(key({ text: "a", sort: "project" })).not.toEqual(key({ text: "a" }));
});

it("goes on where the server says, and ends where it says nothing", () => {
  const { getNextPageParam } = listQuery({});
  const next = (page: ListPage) => getNextPageParam(page, [page], "", [""]);
  expect(next({ metadata: { continue: "token" } } as ListPage)).toBe("token");
  expect(next({ metadata: {} } as ListPage)).toBeUndefined();
  expect(next({ metadata: { continue: "" } } as ListPage)).toBeUndefined();
});

it("writes what a stream tells where it is shown, and leaves all else as the same object", () => {
  const client = new QueryClient();
  const first: ListPage = { items: [app("a", "Healthy"), app("b", "Healthy")] } as ListPage;
  const second: ListPage = { items: [app("c", "Healthy")] } as ListPage;
  const data: InfiniteData<ListPage, string> = { pages: [first, second], pageParams: ["", "x"] };
  const [shown, other] = [listQuery({}).queryKey, listQuery({ text: "none" }).queryKey];
  const others = { pages: [second], pageParams: [""] };
  client.setQueryData<InfiniteData<ListPage, string>>(shown, data);
  client.setQueryData<InfiniteData<ListPage, string>>(other, others);
  putApplications(client, new Map([["argocd/b", app("b", "Degraded")]]));
  const after = client.getQueryData<InfiniteData<ListPage, string>>(shown);
  expect(after?.pages[0]?.items?.map(({ status }) => status?.health?.status)).toEqual([
    "Healthy",
    "Degraded",
  ]);
  expect(after?.pages[0]?.items?.[0]).toBe(first.items?.[0]);
  expect(after?.pages[1]).toBe(second);
  expect(client.getQueryData(other)).toBe(others);
  putApplications(client, new Map([["argocd/elsewhere", app("elsewhere", "Degraded")]]));
  expect(client.getQueryData(shown)).toBe(after);
});

it("names an application by its namespace, too", () => {
  expect(keyOf(app("a", ""))).toBe("argocd/a");
});
