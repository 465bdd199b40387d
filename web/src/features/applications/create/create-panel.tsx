import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { ApiError, call } from "../../../lib/api/index.ts";
import { settingsQuery, useMay } from "../../../lib/session.ts";
import { policyNameOf } from "../../application/use-may-do.ts";
import { FormOrYaml } from "../../application/source/form-or-yaml.tsx";
import { YamlForm } from "../../application/source/yaml-form.tsx";
import { Button } from "../../common/button.tsx";
import { Dialog } from "../../common/dialog.tsx";
import { useDebounced } from "../../common/use-debounced.ts";
import { tell } from "../../common/toast.tsx";
import { isAutomated } from "../describe-application.ts";
import { Conflict } from "./conflict.tsx";
import { CreateForm } from "./create-form.tsx";
import { projectsQuery } from "./create-queries.ts";
import styles from "./create.module.css";
import type { Errors, Manifest } from "./new-manifest.ts";
import type { Preview } from "./use-preview.ts";
import { usePreview } from "./use-preview.ts";
import { PreviewView } from "./preview-view.tsx";
import { asYamlObject, errorsOf, firstManifest, manifestIn } from "./new-manifest.ts";

/** Makes a new application, by a form and as YAML, which say the same. */
export function CreatePanel({ onClose }: { readonly onClose: () => void }) {
  const { data: settings } = useQuery(settingsQuery);
  const controllerNamespace = settings?.controllerNamespace ?? "argocd";
  const [manifest, setManifest] = useState<Manifest>(() => firstManifest(controllerNamespace));
  const [isYaml, setYaml] = useState(false);
  const [problem, setProblem] = useState<string>();
  const [isTried, setTried] = useState(false);
  const { data: projects } = useQuery(projectsQuery);
  const errors = errorsOf(manifest, { projects: projects?.items });
  const object = useDebounced(policyNameOf(manifest, controllerNamespace));
  const isDenied = useMay("applications", "create", object) === false;
  const denial = `You may not: it takes the permission applications, create, ${object}`;
  const create = useCreate(manifest, onClose);
  const preview = usePreview(manifest);
  const shown: Errors = { ...preview.errors, ...errors };
  const [first] = Object.values(shown);
  const todo = problem ?? (first === undefined ? undefined : `Still to do: ${first}`);
  const isWrong = Object.keys(errors).length > 0 || problem !== undefined;
  const isConflict = create.error instanceof ApiError && create.error.status === 409;
  return (
    <Dialog
      isOpen
      onClose={onClose}
      look="panel"
      title="New application"
      description="Which files of a repository belong in which cluster, and who brings them there."
      actions={
        <>
          {isTried && todo !== undefined && (
            <p role="alert" className={styles["error"]}>
              {todo}
            </p>
          )}
          <Button onClick={onClose}>Cancel</Button>
          <Button
            isBusy={preview.isPending}
            disabled={isDenied}
            title={isDenied ? denial : undefined}
            onClick={() => {
              setTried(true);
              if (!isWrong) preview.look();
            }}
          >
            Preview
          </Button>
          <Button
            look="primary"
            isBusy={create.isPending}
            disabled={isDenied}
            title={isDenied ? denial : undefined}
            onClick={() => {
              setTried(true);
              if (!isWrong) create.mutate(false);
            }}
          >
            {isAutomated(manifest) ? "Create and deploy" : "Create, and see what it would deploy"}
          </Button>
        </>
      }
    >
      <div className={styles["head"]}>
        <FormOrYaml
          label="How it is written"
          isYaml={isYaml}
          isBroken={problem !== undefined}
          onChange={setYaml}
        />
      </div>
      {isConflict ? (
        <Conflict manifest={manifest} isBusy={create.isPending} onUpsert={() => create.mutate(true)} />
      ) : (
        create.error !== null && (
          <p role="alert" className={styles["error"]}>
            {create.error.message}
          </p>
        )
      )}
      {isYaml ? (
        <YamlForm
          value={asYamlObject(manifest)}
          onChange={(value) => {
            const read = manifestIn(value);
            if (typeof read === "string") setProblem(read);
            else setManifest(read);
          }}
          what="the application"
          problem={problem}
          onProblem={setProblem}
        />
      ) : (
        <CreateForm manifest={manifest} errors={shown} showsMissing={isTried} onChange={setManifest} />
      )}
      <PreviewView preview={isYaml ? inYaml(preview) : preview} />
    </Dialog>
  );
}

/** YAML has no fields beside which an error could stand. */
function inYaml(preview: Preview): Preview {
  const errors = Object.values(preview.errors).filter((error) => error !== undefined);
  return { ...preview, others: [...errors, ...preview.others] };
}

/** Creates it, or changes the one that exists, and goes there; what is not deployed by itself is shown as a plan. */
function useCreate(manifest: Manifest, onClose: () => void) {
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (upsert: boolean) =>
      call("application.create", { application: manifest, upsert, validate: true }),
    onSuccess: async (created, upsert) => {
      const { name = "", namespace = "" } = created.metadata ?? {};
      if (isAutomated(created)) tell(upsert ? `${name} was changed.` : `${name} was created.`);
      void queryClient.invalidateQueries({ queryKey: ["applications"] });
      onClose();
      await navigate({
        to: "/applications/$namespace/$name",
        params: { namespace, name },
        ...(isAutomated(created) ? {} : { state: { panel: "plan" } }),
      });
    },
  });
}
