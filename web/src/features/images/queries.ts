import type { QueryClient } from "@tanstack/react-query";
import { queryOptions } from "@tanstack/react-query";
import { call } from "../../lib/api/index.ts";
import type { Automation } from "./automation.ts";
import { keyOf, readAutomation } from "./automation.ts";

/** Nothing tells of changes; they are asked for while somebody looks. */
const everyMs = 5_000;

export const automationsQuery = queryOptions({
  queryKey: ["image-automations"],
  queryFn: async ({ signal }) =>
    ((await call("imageAutomation.list", {}, { signal })).items ?? []).map((each) => readAutomation(each)),
  refetchInterval: everyMs,
});

/** Shows what an action answered before the next question does. */
export function put(queryClient: QueryClient, told: Automation): void {
  queryClient.setQueryData(automationsQuery.queryKey, (all) =>
    all?.map((each) => (keyOf(each) === keyOf(told) ? told : each)),
  );
}
