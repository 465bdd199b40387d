import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { call } from "../../lib/api/index.ts";
import { isSame } from "../application/is-same.ts";
import { YamlForm } from "../application/source/yaml-form.tsx";
import { Button } from "../common/button.tsx";
import { Dialog } from "../common/dialog.tsx";
import { tell } from "../common/toast.tsx";
import { toYaml } from "../common/yaml/to-yaml.ts";
import { YamlDiff } from "../common/yaml/yaml-diff.tsx";
import { GuardedButton } from "../settings/parts/guarded-button.tsx";
import type { Pipeline } from "./pipeline.ts";
import { readPipeline } from "./pipeline.ts";
import styles from "./spec-view.module.css";
import { put } from "./use-live-pipelines.ts";
import { usePermissionFor } from "./use-pipeline-object.ts";

type Value = Readonly<Record<string, unknown>>;

interface Edited {
  readonly base: Pipeline;
  readonly spec: Value;
}

/** The spec as YAML, to be read and changed. */
export function SpecView({ pipeline }: { readonly pipeline: Pipeline }) {
  const [edited, setEdited] = useState<Edited>();
  const [problem, setProblem] = useState<string>();
  const [isLooking, setLooking] = useState(false);
  const wants = usePermissionFor(pipeline);
  const queryClient = useQueryClient();
  const isChanged = edited !== undefined && !isSame(edited.spec, edited.base.spec);
  const isOutdated = isChanged && !isSame(edited.base.spec, pipeline.spec);
  const spec: object = isChanged ? edited.spec : pipeline.spec;
  const discard = (): void => {
    setEdited(undefined);
    setProblem(undefined);
    save.reset();
  };
  const save = useMutation({
    mutationFn: () => saveSpec(edited),
    onSuccess: (saved) => {
      put(queryClient, saved);
      setEdited(undefined);
      tell("Saved. Its branches are looked at anew.");
    },
  });
  const isBroken = problem !== undefined;
  return (
    <>
      <div className={styles["bar"]}>
        {save.error !== null && isChanged && (
          <p role="alert" className={styles["error"]}>
            {save.error.message}
          </p>
        )}
        {(isChanged || isBroken) && <Button onClick={discard}>Discard</Button>}
        <Button disabled={!isChanged || isBroken} onClick={() => setLooking(true)}>
          What changes
        </Button>
        <GuardedButton
          look="primary"
          wants={wants("update")}
          isBusy={save.isPending}
          disabled={!isChanged || isBroken || isOutdated}
          onClick={() => save.mutate()}
        >
          Save
        </GuardedButton>
      </div>
      {isOutdated && (
        <section role="alert" className={styles["notice"]}>
          <strong>Somebody else changed the settings while you edited them</strong>
          <YamlDiff
            before={toYaml(edited.base.spec)}
            after={toYaml(pipeline.spec)}
            label="What somebody else changed"
          />
          <div className={styles["noticeActions"]}>
            <Button onClick={discard}>Discard mine and show theirs</Button>
            <Button look="danger" onClick={() => setEdited({ base: pipeline, spec: edited.spec })}>
              Keep mine, to be saved over theirs
            </Button>
          </div>
        </section>
      )}
      <YamlForm
        value={spec}
        onChange={(next) => setEdited({ base: isChanged ? edited.base : pipeline, spec: next })}
        what="the spec"
        problem={problem}
        onProblem={setProblem}
      />
      <Dialog
        isOpen={isLooking}
        onClose={() => setLooking(false)}
        look="wide"
        title="What changes in the settings"
      >
        <YamlDiff before={toYaml(pipeline.spec)} after={toYaml(spec)} label="What changes in the settings" />
      </Dialog>
    </>
  );
}

/** The server checks every field, and says which one is wrong. */
async function saveSpec(edited: Edited | undefined): Promise<Pipeline> {
  if (edited === undefined) throw new Error("nothing was edited");
  const { namespace, name } = edited.base;
  const now = readPipeline(await call("pipeline.get", { namespace, name }));
  if (!isSame(now.spec, edited.base.spec))
    throw new Error("Somebody else changed the settings while you edited them. Nothing was saved.");
  const { labels, annotations } = now;
  const pipeline = { metadata: { namespace, name, labels, annotations }, spec: edited.spec as JsonSpec };
  return readPipeline(await call("pipeline.update", { pipeline }));
}

type JsonSpec = NonNullable<Parameters<typeof readPipeline>[0]["spec"]>;
