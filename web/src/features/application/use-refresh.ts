import { useQueryClient } from "@tanstack/react-query";
import { call } from "../../lib/api/index.ts";
import type { Application } from "./application-query.ts";
import { namedIn } from "./change-application.ts";
import { usePutApplication } from "./use-put-application.ts";

/** Has the application compared anew; `hard` renders it anew, too, whatever was kept. */
export function useRefresh(app: Application): (kind: "normal" | "hard") => Promise<void> {
  const queryClient = useQueryClient();
  const put = usePutApplication();
  return async (kind) => {
    const named = namedIn(app);
    put(await call("application.get", { ...named, refresh: kind }));
    await Promise.all(
      ["managed", "manifests"].map((key) =>
        queryClient.invalidateQueries({ queryKey: [key, named.appNamespace, named.name] }),
      ),
    );
  };
}
