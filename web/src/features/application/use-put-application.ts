import { useQueryClient } from "@tanstack/react-query";
import type { Application } from "./application-query.ts";
import { applicationQuery } from "./application-query.ts";

/** Shows an application as a change answered it, unless the stream has told of something newer already. */
export function usePutApplication(): (app: Application) => void {
  const queryClient = useQueryClient();
  return (app) => {
    const { name = "", namespace = "" } = app.metadata ?? {};
    queryClient.setQueryData(
      applicationQuery({ namespace, name }).queryKey,
      (known: Application | undefined) => (known !== undefined && isOlder(app, known) ? known : app),
    );
  };
}

/** By resourceVersion, which counts up. */
function isOlder(a: Application, b: Application): boolean {
  return versionOf(a) < versionOf(b);
}

function versionOf({ metadata }: Application): number {
  return Number(metadata?.resourceVersion ?? 0);
}
