import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { call } from "../../lib/api/index.ts";
import { Button } from "../common/button.tsx";
import { Dialog } from "../common/dialog.tsx";
import { Field } from "../common/field.tsx";
import { tell } from "../common/toast.tsx";
import type { Application } from "./application-query.ts";
import { namedIn } from "./change-application.ts";
import type { Deletion } from "./delete-choices.ts";
import { deletionRequest, deletions, explainDeletion } from "./delete-choices.ts";
import styles from "./delete-dialog.module.css";
import { useMayDo } from "./use-may-do.ts";

interface DeleteDialogProps {
  readonly app: Application;
  readonly onClose: () => void;
}

/** Asks what goes with the application, and for its name, before it is deleted. */
export function DeleteDialog({ app, onClose }: DeleteDialogProps) {
  const name = app.metadata?.name ?? "";
  const [chosen, setChosen] = useState<Deletion>("foreground");
  const [typed, setTyped] = useState("");
  const { isDenied, title } = useMayDo(app, "delete");
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => call("application.delete", { ...namedIn(app), ...deletionRequest(chosen) }),
    onSuccess: () => {
      tell(`${name} is being deleted.`);
      onClose();
    },
  });
  const isSame = typed === name;
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={`Delete ${name}`}
      description="This cannot be taken back. What is in Git stays there."
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            look="danger"
            type="submit"
            form="delete-application"
            isBusy={isPending}
            disabled={!isSame || isDenied}
            title={title}
          >
            Delete
          </Button>
        </>
      }
    >
      <form
        id="delete-application"
        className={styles["form"]}
        onSubmit={(event) => {
          event.preventDefault();
          if (isSame && !isDenied) mutate();
        }}
      >
        <fieldset className={styles["choices"]}>
          <legend className="visually-hidden">What goes with it</legend>
          {deletions.map((deletion) => {
            const { label, hint } = explainDeletion(app, deletion);
            return (
              <label key={deletion} className={styles["choice"]}>
                <input
                  type="radio"
                  name="deletion"
                  checked={chosen === deletion}
                  onChange={() => setChosen(deletion)}
                />
                <span>
                  {label}
                  <span className={styles["hint"]}>{hint}</span>
                </span>
              </label>
            );
          })}
        </fieldset>
        <Field label={`Type ${name} to delete it`}>
          {(props) => (
            <input
              {...props}
              autoFocus
              autoComplete="off"
              spellCheck={false}
              value={typed}
              onChange={(event) => setTyped(event.target.value)}
            />
          )}
        </Field>
        {error !== null && <p role="alert">{error.message}</p>}
      </form>
    </Dialog>
  );
}
