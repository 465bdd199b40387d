import { useMutation } from "@tanstack/react-query";
import { ChevronDown, GitPullRequestArrow, RefreshCw, Trash2 } from "lucide-react";
import { Button, IconButton } from "../common/button.tsx";
import { Menu } from "../common/menu.tsx";
import { tell, tellError } from "../common/toast.tsx";
import type { Application } from "./application-query.ts";
import { isBusy } from "./header/describe-operation.ts";
import { useMayDo } from "./use-may-do.ts";
import { useRefresh } from "./use-refresh.ts";

export type Panel = "plan" | "operation" | "delete";

interface PageActionsProps {
  readonly app: Application;
  readonly onOpen: (panel: Panel) => void;
}

/** What one does with an application. */
export function PageActions({ app, onOpen }: PageActionsProps) {
  const read = useMayDo(app, "get");
  const sync = useMayDo(app, "sync");
  const remove = useMayDo(app, "delete");
  const refresh = useMutation({
    mutationFn: useRefresh(app),
    onSuccess: (_, kind) =>
      tell(kind === "hard" ? "Rendered and compared anew." : "Compared with its source anew."),
    onError: tellError,
  });
  const isRunning = isBusy(app);
  return (
    <>
      <Button
        icon={<RefreshCw />}
        isBusy={refresh.isPending}
        disabled={read.isDenied}
        title={read.title ?? "Compare with the source now"}
        onClick={() => refresh.mutate("normal")}
      >
        Refresh
      </Button>
      <Menu
        trigger={
          <IconButton label="More" look="plain">
            <ChevronDown />
          </IconButton>
        }
        items={[
          {
            label: "Hard refresh",
            icon: <RefreshCw />,
            hint: "Renders the source anew, whatever was kept of it",
            onSelect: () => refresh.mutate("hard"),
          },
          {
            label: "Last sync",
            icon: <GitPullRequestArrow />,
            isDisabled: app.status?.operationState === undefined && app.operation === undefined,
            onSelect: () => onOpen("operation"),
          },
          {
            label: "Delete…",
            icon: <Trash2 />,
            isDanger: true,
            isDisabled: remove.isDenied,
            hint: remove.title,
            onSelect: () => onOpen("delete"),
          },
        ]}
      />
      <Button
        look="primary"
        icon={<GitPullRequestArrow />}
        disabled={sync.isDenied && !isRunning}
        title={sync.title}
        onClick={() => onOpen(isRunning ? "operation" : "plan")}
      >
        {isRunning ? "Syncing…" : "Sync…"}
      </Button>
    </>
  );
}
