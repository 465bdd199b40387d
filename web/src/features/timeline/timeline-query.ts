import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { AnswerOf } from "../../lib/api/index.ts";
import { call } from "../../lib/api/index.ts";
import type { ApplicationName } from "../application/application-query.ts";

type Timeline = AnswerOf<"timeline", "get">;
export type Drift = NonNullable<Timeline["drifts"]>[number];
export type Delivery = NonNullable<Timeline["deliveries"]>[number];

const shown = 100;

/** What happened to an application. Asked again whenever the application changed: `version` is its resource version. */
export function timelineQuery({ namespace, name }: ApplicationName, version: string) {
  return queryOptions({
    queryKey: ["timeline", namespace, name, version],
    queryFn: ({ signal }) =>
      call("timeline.get", { name, appNamespace: namespace, limit: shown }, { signal }),
    placeholderData: keepPreviousData,
  });
}
