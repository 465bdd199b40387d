import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { PlugZap } from "lucide-react";
import { useState } from "react";
import { call } from "../../../lib/api/index.ts";
import { Button } from "../../common/button.tsx";
import { FormDialog } from "../parts/form-dialog.tsx";
import { Choices, TextField } from "../parts/inputs.tsx";
import type { Purpose, Repository } from "../queries.ts";
import { projectsQuery } from "../queries.ts";
import { CredentialFields } from "./credential-fields.tsx";
import styles from "./repositories.module.css";
import { accessOf, emptyForm, formOf, messageOf, problemOf, withKind } from "./repository-form.ts";
import { kinds } from "./ways.ts";

interface RepositoryDialogProps {
  readonly purpose: Purpose;
  /** The one that is changed; a new one is added without it. */
  readonly before?: Repository | undefined;
  readonly onClose: () => void;
}

const placeholders = {
  git: "https://github.com/example/shop.git",
  helm: "https://charts.example.com",
  helmOci: "registry.example.com/charts",
  oci: "oci://registry.example.com/shop",
} as const;

/** Adds a repository, or changes one. */
export function RepositoryDialog({ purpose, before, onClose }: RepositoryDialogProps) {
  const [form, setForm] = useState(before === undefined ? emptyForm : formOf(before));
  const queryClient = useQueryClient();
  const { data: projects = [] } = useQuery(projectsQuery);
  const problem = problemOf(form);
  const repo = messageOf(form, before);
  const test = useMutation({
    mutationFn: () =>
      purpose === "read"
        ? call("repository.validateAccess", accessOf(repo))
        : call("repository.validateWriteAccess", accessOf(repo)),
  });
  const save = async (): Promise<void> => {
    await saveRepository(purpose, { repo, isNew: before === undefined, keepSecrets: form.way === "keep" });
    await queryClient.invalidateQueries({ queryKey: ["repositories"] });
  };
  const change = (next: typeof form): void => {
    test.reset();
    setForm(next);
  };
  // What is stored is not known here, so it cannot be sent to be tried: the list tries it.
  const isTestable = form.way !== "keep";
  return (
    <FormDialog
      title={before === undefined ? "Add a repository" : `Change ${before.repo ?? ""}`}
      description={
        purpose === "read"
          ? "Where applications are read from."
          : "Where rendered manifests and image tags are written to."
      }
      doIt={before === undefined ? "Add" : "Save"}
      problem={problem}
      act={save}
      done={before === undefined ? "The repository was added." : "The repository was changed."}
      onClose={onClose}
      note={
        <p role="status" className={test.isSuccess ? styles["works"] : styles["fails"]}>
          {test.isSuccess && "It answers."}
          {test.error?.message}
        </p>
      }
      extra={
        <Button
          icon={<PlugZap />}
          isBusy={test.isPending}
          disabled={problem !== undefined || !isTestable}
          title={isTestable ? problem : "What is stored is tried when it is saved."}
          onClick={() => test.mutate()}
        >
          Test
        </Button>
      }
    >
      <Choices
        label="Kind"
        value={form.kind}
        options={kinds}
        onChange={(kind) => change(withKind(form, kinds.find(([one]) => one === kind)?.[0] ?? "git"))}
      />
      <TextField
        label="Address"
        value={form.url}
        isRequired
        isDisabled={before !== undefined}
        placeholder={placeholders[form.kind]}
        hint={
          before === undefined && form.kind === "git" ? "By HTTPS, or by SSH as git@host:path." : undefined
        }
        onChange={(url) => change({ ...form, url })}
      />
      <TextField
        label="Name"
        value={form.name}
        hint="For people to read."
        onChange={(name) => change({ ...form, name })}
      />
      <TextField
        label="Project"
        value={form.project}
        suggestions={projects.map(({ metadata }) => metadata?.name ?? "")}
        hint="Then only applications of that project have its credentials. Empty for all."
        onChange={(project) => change({ ...form, project })}
      />
      <CredentialFields form={form} onChange={change} isKnown={before !== undefined} />
    </FormDialog>
  );
}

interface Saved {
  readonly repo: Repository;
  readonly isNew: boolean;
  readonly keepSecrets: boolean;
}

async function saveRepository(purpose: Purpose, { repo, isNew, keepSecrets }: Saved): Promise<void> {
  const isRead = purpose === "read";
  if (isNew) {
    await (isRead
      ? call("repository.createRepository", { repo })
      : call("repository.createWriteRepository", { repo }));
    return;
  }
  await (isRead
    ? call("repository.updateRepository", { repo, keepSecrets })
    : call("repository.updateWriteRepository", { repo, keepSecrets }));
}
