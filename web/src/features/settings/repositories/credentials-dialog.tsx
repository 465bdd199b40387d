import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { call } from "../../../lib/api/index.ts";
import { FormDialog } from "../parts/form-dialog.tsx";
import { Choices, TextField } from "../parts/inputs.tsx";
import type { Credentials, Purpose } from "../queries.ts";
import { CredentialFields } from "./credential-fields.tsx";
import { credentialsOf, emptyForm, formOf, messageOf, problemOf, withKind } from "./repository-form.ts";
import { kinds } from "./ways.ts";

interface CredentialsDialogProps {
  readonly purpose: Purpose;
  readonly before?: Credentials | undefined;
  readonly onClose: () => void;
}

/** Adds a credential template, or changes one. */
export function CredentialsDialog({ purpose, before, onClose }: CredentialsDialogProps) {
  const known = before === undefined ? undefined : asRepository(before);
  const [form, setForm] = useState(
    known === undefined ? { ...emptyForm, way: "password" as const } : formOf(known),
  );
  const queryClient = useQueryClient();
  const save = async (): Promise<void> => {
    const creds = credentialsOf(messageOf(form, known));
    const isRead = purpose === "read";
    if (before === undefined) {
      await (isRead
        ? call("repoCreds.createRepositoryCredentials", { creds })
        : call("repoCreds.createWriteRepositoryCredentials", { creds }));
    } else {
      const request = { creds, keepSecrets: form.way === "keep" };
      await (isRead
        ? call("repoCreds.updateRepositoryCredentials", request)
        : call("repoCreds.updateWriteRepositoryCredentials", request));
    }
    await queryClient.invalidateQueries({ queryKey: ["credentials"] });
    await queryClient.invalidateQueries({ queryKey: ["repositories"] });
  };
  return (
    <FormDialog
      title={before === undefined ? "Add a credential template" : `Change ${before.url ?? ""}`}
      description="For every repository whose address begins with this one and that has no credentials of its own."
      doIt={before === undefined ? "Add" : "Save"}
      problem={problemOf(form)}
      act={save}
      done={before === undefined ? "The template was added." : "The template was changed."}
      onClose={onClose}
    >
      <Choices
        label="Kind"
        value={form.kind}
        options={kinds}
        onChange={(kind) => setForm(withKind(form, kinds.find(([one]) => one === kind)?.[0] ?? "git"))}
      />
      <TextField
        label="Addresses that begin with"
        value={form.url}
        isRequired
        isDisabled={before !== undefined}
        placeholder={form.way === "ssh" ? "git@github.com:example" : "https://github.com/example"}
        onChange={(url) => setForm({ ...form, url })}
      />
      <CredentialFields form={form} onChange={setForm} isKnown={before !== undefined} isTemplate />
    </FormDialog>
  );
}

function asRepository({ url = "", ...same }: Credentials) {
  return { ...same, repo: url };
}
