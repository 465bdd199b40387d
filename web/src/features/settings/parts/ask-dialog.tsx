import { useMutation } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { isConflict } from "../../../lib/api/index.ts";
import { Button } from "../../common/button.tsx";
import { Dialog } from "../../common/dialog.tsx";
import { tell } from "../../common/toast.tsx";
import styles from "./forms.module.css";

interface AskDialogProps {
  readonly title: string;
  readonly children?: ReactNode;
  /** The word on the button that does it. */
  readonly doIt: string;
  readonly isDanger?: boolean;
  readonly act: () => Promise<unknown>;
  /** Told when it is done. */
  readonly done: string;
  readonly onClose: () => void;
}

/** Asks before something is done that cannot be taken back, and says what went wrong. */
export function AskDialog({ title, children, doIt, isDanger = true, act, done, onClose }: AskDialogProps) {
  const mutation = useMutation({
    mutationFn: act,
    onSuccess: () => {
      tell(done);
      onClose();
    },
  });
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={title}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            look={isDanger ? "danger" : "primary"}
            isBusy={mutation.isPending}
            onClick={() => mutation.mutate()}
          >
            {doIt}
          </Button>
        </>
      }
    >
      <div className={styles["text"]}>{children}</div>
      <FormError error={mutation.error} />
    </Dialog>
  );
}

/** What the server did not take, in its words. */
export function FormError({ error }: { readonly error: Error | null }) {
  if (error === null) return null;
  return (
    <p role="alert" className={styles["error"]}>
      {error.message}
      {isConflict(error) &&
        "\nWhat you typed is not lost before you close this form. Open it again to see what is there now."}
    </p>
  );
}
