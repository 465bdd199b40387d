import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { ChevronDown, Zap } from "lucide-react";
import { useState } from "react";
import type { AnswerOf } from "../../lib/api/index.ts";
import { call } from "../../lib/api/index.ts";
import { Button } from "../common/button.tsx";
import { Dialog } from "../common/dialog.tsx";
import { Field } from "../common/field.tsx";
import { Menu } from "../common/menu.tsx";
import { tell } from "../common/toast.tsx";
import styles from "./confirm.module.css";
import type { Part } from "./resource-queries.ts";
import { actionsQuery, requestOf } from "./resource-queries.ts";

type Action = NonNullable<AnswerOf<"application", "listResourceActions">["actions"]>[number];

/** What can be done with the resource, such as a restart; nothing is drawn where nothing can. */
export function ActionMenu({ app, resource }: Part) {
  const { data } = useQuery(actionsQuery({ app, resource }));
  const [asked, setAsked] = useState<Action>();
  const actions = data?.actions ?? [];
  if (actions.length === 0) return null;
  return (
    <>
      <Menu
        trigger={
          <Button size="small" icon={<Zap />}>
            Actions <ChevronDown aria-hidden="true" className={styles["arrow"]} />
          </Button>
        }
        items={actions.map((action) => ({
          label: titleOf(action),
          isDisabled: action.disabled ?? false,
          hint:
            action.disabled === true ? `Not possible in the state that ${resource.name} is in` : undefined,
          onSelect: () => setAsked(action),
        }))}
      />
      {asked !== undefined && (
        <RunDialog app={app} resource={resource} action={asked} onClose={() => setAsked(undefined)} />
      )}
    </>
  );
}

/** `restart` → `Restart`, `create-job` → `Create job`. */
function titleOf({ displayName = "", name = "" }: Action): string {
  if (displayName !== "") return displayName;
  const words = name.replaceAll(/[-_]/gu, " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

interface RunDialogProps extends Part {
  readonly action: Action;
  readonly onClose: () => void;
}

function RunDialog({ app, resource, action, onClose }: RunDialogProps) {
  const [values, setValues] = useState<Readonly<Record<string, string>>>({});
  const queryClient = useQueryClient();
  const title = titleOf(action);
  const names = (action.params ?? []).map(({ name = "" }) => name);
  const run = useMutation({
    mutationFn: () =>
      call("application.runResourceActionV2", {
        ...requestOf({ app, resource }),
        action: action.name ?? "",
        resourceActionParameters: names
          .filter((name) => (values[name] ?? "") !== "")
          .map((name) => ({ name, value: values[name] ?? "" })),
      }),
    onSuccess: async () => {
      tell(`${title}: asked for on ${resource.kind} ${resource.name}`);
      onClose();
      await queryClient.invalidateQueries({ queryKey: ["resource"] });
    },
  });
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={`${title}: ${resource.name}?`}
      description={`Runs the action on ${resource.kind} ${resource.name}${resource.namespace === "" ? "" : ` in ${resource.namespace}`}.`}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" isBusy={run.isPending} onClick={() => run.mutate()}>
            {title}
          </Button>
        </>
      }
    >
      <form
        className={styles["form"]}
        onSubmit={(event) => {
          event.preventDefault();
          run.mutate();
        }}
      >
        {names.map((name) => (
          <Field key={name} label={name}>
            {(props) => (
              <input
                {...props}
                value={values[name] ?? ""}
                onChange={(event) => setValues({ ...values, [name]: event.target.value })}
              />
            )}
          </Field>
        ))}
        {run.error !== null && (
          <p role="alert" className={styles["error"]}>
            {run.error.message}
          </p>
        )}
      </form>
    </Dialog>
  );
}
