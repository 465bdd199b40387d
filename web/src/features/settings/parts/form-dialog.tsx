import { useMutation } from "@tanstack/react-query";
import { useId } from "react";
import type { ReactNode } from "react";
import { Button } from "../../common/button.tsx";
import { Dialog } from "../../common/dialog.tsx";
import { tell } from "../../common/toast.tsx";
import { FormError } from "./ask-dialog.tsx";
import styles from "./forms.module.css";

interface FormDialogProps {
  readonly title: string;
  readonly description?: ReactNode;
  readonly children: ReactNode;
  /** The word on the button that sends it. */
  readonly doIt: string;
  /** Why it cannot be sent as it is; undefined when it can. */
  readonly problem?: string | undefined;
  readonly act: () => Promise<unknown>;
  /** Told when it is done; nothing where what follows says so. */
  readonly done?: string;
  readonly onClose: () => void;
  /** True where `act` itself shows what comes next in its place. */
  readonly staysOpen?: boolean;
  /** Beside the buttons, such as one that tries what is typed. */
  readonly extra?: ReactNode;
  /** Above the buttons, where it is seen however long the form is. */
  readonly note?: ReactNode;
  readonly look?: "box" | "wide" | "panel";
  /** What it does cannot be taken back. */
  readonly isDanger?: boolean;
}

/** A form that stands over the page until it is sent or given up. */
export function FormDialog({
  title,
  description,
  children,
  doIt,
  problem,
  act,
  done,
  onClose,
  staysOpen = false,
  extra,
  note,
  look = "box",
  isDanger = false,
}: FormDialogProps) {
  const id = useId();
  const mutation = useMutation({
    mutationFn: act,
    onSuccess: () => {
      if (done !== undefined) tell(done);
      if (!staysOpen) onClose();
    },
  });
  return (
    <Dialog
      isOpen
      isSticky
      onClose={onClose}
      title={title}
      description={description}
      look={look}
      actions={
        <>
          <div className={styles["notes"]}>
            {note}
            <FormError error={mutation.error} />
          </div>
          {extra !== undefined && <div className={styles["extra"]}>{extra}</div>}
          <Button onClick={onClose}>Cancel</Button>
          <Button
            type="submit"
            form={id}
            look={isDanger ? "danger" : "primary"}
            isBusy={mutation.isPending}
            disabled={problem !== undefined}
            title={problem}
          >
            {doIt}
          </Button>
        </>
      }
    >
      <form
        id={id}
        className={styles["form"]}
        onSubmit={(event) => {
          event.preventDefault();
          // Enter in a field sends a form also where its button is disabled for a reason of its own.
          if (problem === undefined && !mutation.isPending) mutation.mutate();
        }}
      >
        {children}
      </form>
    </Dialog>
  );
}
