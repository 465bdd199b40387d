import { queryOptions } from "@tanstack/react-query";
import type { AnswerOf } from "../../lib/api/index.ts";
import { call } from "../../lib/api/index.ts";

export type Application = AnswerOf<"application", "get">;

export interface ApplicationName {
  readonly namespace: string;
  readonly name: string;
}

/** One application, whole. */
export function applicationQuery({ namespace, name }: ApplicationName) {
  return queryOptions({
    queryKey: ["application", namespace, name],
    queryFn: ({ signal }) => call("application.get", { name, appNamespace: namespace }, { signal }),
  });
}
