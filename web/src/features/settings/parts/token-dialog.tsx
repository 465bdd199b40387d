import { Check, Copy } from "lucide-react";
import { useState } from "react";
import { Button } from "../../common/button.tsx";
import { Dialog } from "../../common/dialog.tsx";
import { tell } from "../../common/toast.tsx";
import { lifetimes, secondsOf } from "./expiry.ts";
import { FormDialog } from "./form-dialog.tsx";
import { SelectField, TextField } from "./inputs.tsx";
import styles from "./token-dialog.module.css";

interface NewTokenDialogProps {
  /** Whose it will be, such as `account robot`. */
  readonly owner: string;
  readonly create: (wanted: { readonly id: string; readonly expiresIn: number }) => Promise<string>;
  readonly onClose: () => void;
}

/** Makes a token, and shows it the only time that it can be seen. */
export function NewTokenDialog({ owner, create, onClose }: NewTokenDialogProps) {
  const [id, setId] = useState("");
  const [lifetime, setLifetime] = useState("30d");
  const [other, setOther] = useState("");
  const [token, setToken] = useState<string>();
  const expiresIn = secondsOf(lifetime === "other" ? other : lifetime);
  if (token !== undefined) return <TokenDialog token={token} owner={owner} onClose={onClose} />;
  return (
    <FormDialog
      title={`New token of ${owner}`}
      description="Whoever has the token may do what its owner may, without a password."
      doIt="Make the token"
      problem={expiresIn === undefined ? "Say how long it shall be good for." : undefined}
      act={async () => setToken(await create({ id: id.trim(), expiresIn: expiresIn ?? 0 }))}
      // What was made is shown next, and closing is up to whoever reads it.
      onClose={onClose}
      staysOpen
    >
      <TextField
        label="Id"
        value={id}
        onChange={setId}
        placeholder="made up when left empty"
        hint="By which you find it again, such as the name of a pipeline."
      />
      <SelectField label="Good for" value={lifetime} onChange={setLifetime} options={lifetimes} />
      {lifetime === "other" && (
        <TextField
          label="How long"
          value={other}
          onChange={setOther}
          placeholder="45d"
          error={
            other === "" || expiresIn !== undefined ? undefined : "Write it like 90m, 12h, 45d, 2w or 1y."
          }
          hint="Such as 90m, 12h, 45d, 2w or 1y."
        />
      )}
      {lifetime === "never" && (
        <p className={styles["warning"]}>A token that never ends stays good until somebody revokes it.</p>
      )}
    </FormDialog>
  );
}

interface TokenDialogProps {
  readonly token: string;
  readonly owner: string;
  readonly onClose: () => void;
}

function TokenDialog({ token, owner, onClose }: TokenDialogProps) {
  const [isCopied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(token);
      setCopied(true);
    } catch (error) {
      // Without TLS, or without leave, a browser keeps pages away from its clipboard.
      if (!(error instanceof DOMException || error instanceof TypeError)) throw error;
      tell("The browser does not let the page copy. Select the token and copy it yourself.", "bad");
    }
  };
  return (
    <Dialog
      isOpen
      isSticky
      onClose={onClose}
      title={`The token of ${owner}`}
      description="Copy it now: it is kept nowhere and cannot be shown again."
      actions={
        <>
          <Button onClick={onClose}>Close</Button>
          <Button look="primary" icon={isCopied ? <Check /> : <Copy />} onClick={() => void copy()}>
            {isCopied ? "Copied" : "Copy"}
          </Button>
        </>
      }
    >
      <textarea
        aria-label="Token"
        className={styles["token"]}
        readOnly
        rows={6}
        value={token}
        onFocus={(event) => event.target.select()}
      />
    </Dialog>
  );
}
