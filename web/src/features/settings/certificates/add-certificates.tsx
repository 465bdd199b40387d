import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { call } from "../../../lib/api/index.ts";
import { formatCount } from "../../../lib/format.ts";
import { Checkbox } from "../../common/field.tsx";
import { tell } from "../../common/toast.tsx";
import { FormDialog } from "../parts/form-dialog.tsx";
import { LongTextField, TextField } from "../parts/inputs.tsx";
import { certificatesQuery } from "../queries.ts";
import type { ReadHosts } from "./read-certificates.ts";
import { readCertificate, readKnownHosts } from "./read-certificates.ts";

interface AddProps {
  readonly onClose: () => void;
}

function useAdd(): (read: ReadHosts, upsert: boolean) => Promise<void> {
  const queryClient = useQueryClient();
  return async (read, upsert) => {
    if ("problem" in read) throw new Error(read.problem);
    const { items = [] } = await call("certificate.createCertificate", {
      certificates: { items: read.items },
      upsert,
    });
    await queryClient.invalidateQueries({ queryKey: certificatesQuery.queryKey });
    tell(`${formatCount(items.length, "entry was", "entries were")} added.`);
  };
}

/** Adds the certificate of a server, or of who signs its certificates. */
export function AddCertificate({ onClose }: AddProps) {
  const [host, setHost] = useState("");
  const [pem, setPem] = useState("");
  const [upsert, setUpsert] = useState(false);
  const add = useAdd();
  const read = readCertificate(host, pem);
  return (
    <FormDialog
      title="Add a certificate"
      description="The server's own, or the one of the authority that signs it."
      doIt="Add"
      problem={"problem" in read ? read.problem : undefined}
      act={() => add(read, upsert)}
      onClose={onClose}
    >
      <TextField
        label="Server"
        value={host}
        onChange={setHost}
        isRequired
        placeholder="git.example.com"
        hint="Its name alone, without https:// and without a port."
      />
      <LongTextField
        label="Certificate in PEM"
        value={pem}
        onChange={setPem}
        isRequired
        rows={9}
        placeholder="-----BEGIN CERTIFICATE-----"
        hint="Several one after the other for a chain."
      />
      <Checkbox label="Replace the one that is there" isChecked={upsert} onChange={setUpsert} />
    </FormDialog>
  );
}

/** Adds SSH host keys. */
export function AddKnownHosts({ onClose }: AddProps) {
  const [text, setText] = useState("");
  const [upsert, setUpsert] = useState(false);
  const add = useAdd();
  const read = readKnownHosts(text);
  const problem = "problem" in read ? read.problem : undefined;
  return (
    <FormDialog
      title="Add known hosts"
      description="SSH host keys as a line each, as ssh-keyscan prints them. Compare their fingerprints with what the host publishes."
      doIt="Add"
      problem={problem}
      act={() => add(read, upsert)}
      onClose={onClose}
    >
      <LongTextField
        label="Known hosts"
        value={text}
        onChange={setText}
        isRequired
        rows={7}
        placeholder="git.example.com ssh-ed25519 AAAAC3NzaC1lZDI1NTE5…"
        error={text.trim() === "" ? undefined : problem}
        hint="ssh-keyscan git.example.com"
      />
      <Checkbox label="Replace keys that are there" isChecked={upsert} onChange={setUpsert} />
    </FormDialog>
  );
}
