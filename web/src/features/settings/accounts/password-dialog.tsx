import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { call } from "../../../lib/api/index.ts";
import { sessionQuery, settingsQuery } from "../../../lib/session.ts";
import { FormDialog } from "../parts/form-dialog.tsx";
import { TextField } from "../parts/inputs.tsx";

interface PasswordDialogProps {
  /** Whose password it is. */
  readonly name: string;
  readonly isOwn: boolean;
  readonly onClose: () => void;
}

/** Changes a password; whoever does it proves with their own that it is them. */
export function PasswordDialog({ name, isOwn, onClose }: PasswordDialogProps) {
  const [currentPassword, setCurrent] = useState("");
  const [newPassword, setNew] = useState("");
  const [repeated, setRepeated] = useState("");
  const { data: settings } = useQuery(settingsQuery);
  const queryClient = useQueryClient();
  const pattern = settings?.passwordPattern ?? "";
  const isOther = repeated !== "" && repeated !== newPassword;
  const problem =
    currentPassword === ""
      ? "Give your current password."
      : newPassword === ""
        ? "Give the new password."
        : repeated === newPassword
          ? undefined
          : "The two new passwords differ.";
  const change = async (): Promise<void> => {
    await call("account.updatePassword", { name, currentPassword, newPassword });
    // Every session from before is over, this one too.
    if (isOwn) await call("session.create", { username: name, password: newPassword });
    await queryClient.invalidateQueries({ queryKey: sessionQuery.queryKey });
  };
  return (
    <FormDialog
      title={isOwn ? "Change your password" : `Change the password of ${name}`}
      doIt="Change it"
      problem={problem}
      act={change}
      done="The password was changed. Sessions from before are over."
      onClose={onClose}
    >
      <input type="text" name="username" autoComplete="username" value={name} readOnly hidden />
      <TextField
        label="Your current password"
        type="password"
        autoComplete="current-password"
        value={currentPassword}
        onChange={setCurrent}
        isRequired
      />
      <TextField
        label="New password"
        type="password"
        autoComplete="new-password"
        value={newPassword}
        onChange={setNew}
        isRequired
        hint={pattern === "" ? undefined : `It must match ${pattern}`}
      />
      <TextField
        label="New password again"
        type="password"
        autoComplete="new-password"
        value={repeated}
        onChange={setRepeated}
        isRequired
        error={isOther ? "It is not the same." : undefined}
      />
    </FormDialog>
  );
}
