import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { Button } from "../../common/button.tsx";
import { Card } from "../../common/page.tsx";
import { Dialog } from "../../common/dialog.tsx";
import { tell } from "../../common/toast.tsx";
import { toYaml } from "../../common/yaml/to-yaml.ts";
import { YamlDiff } from "../../common/yaml/yaml-diff.tsx";
import type { Application } from "../application-query.ts";
import type { Spec } from "../change-application.ts";
import { SpecChangedError, replaceSpec } from "../change-application.ts";
import { useMayDo } from "../use-may-do.ts";
import { usePutApplication } from "../use-put-application.ts";
import { sourcesIn, withSources } from "./edit-source.ts";
import { FormOrYaml } from "./form-or-yaml.tsx";
import { Outdated } from "./outdated.tsx";
import { SourceFields } from "./source-fields.tsx";
import styles from "./source.module.css";
import type { Draft } from "./use-draft.ts";
import { useDraft } from "./use-draft.ts";
import { YamlForm } from "./yaml-form.tsx";

/** Where the manifests come from, to be looked at and changed. */
export function SourceView({ app }: { readonly app: Application }) {
  const draft = useDraft(app);
  const [isYaml, setYaml] = useState(false);
  const [problem, setProblem] = useState<string>();
  return (
    <>
      <div className={styles["bar"]}>
        <FormOrYaml
          label="How it is edited"
          isYaml={isYaml}
          isBroken={problem !== undefined}
          onChange={setYaml}
        />
        <span className={styles["spacer"]} />
        <SaveBar draft={draft} problem={problem} onReset={() => setProblem(undefined)} />
      </div>
      {draft.isOutdated && <Outdated app={app} draft={draft} />}
      {isYaml ? (
        <YamlForm
          value={draft.spec}
          // The server checks every field when it is saved, and says which one is wrong.
          onChange={(spec) => draft.edit(spec as Spec)}
          what="the spec"
          problem={problem}
          onProblem={setProblem}
        />
      ) : (
        <SourceCards app={app} draft={draft} />
      )}
    </>
  );
}

function SourceCards({ app, draft: { spec, edit } }: { readonly app: Application; readonly draft: Draft }) {
  const sources = sourcesIn(spec);
  const owner = { appName: app.metadata?.name ?? "", appProject: spec.project ?? "default" };
  return (
    <div className={styles["cards"]}>
      {sources.map((source, i) => (
        <Card
          key={i}
          title={sources.length > 1 ? `Source ${i + 1}` : "Source"}
          actions={
            sources.length > 1 && (
              <Button size="small" onClick={() => edit(withSources(spec, sources.toSpliced(i, 1)))}>
                Remove
              </Button>
            )
          }
        >
          <SourceFields
            source={source}
            owner={owner}
            isOneOfSeveral={sources.length > 1}
            onChange={(next) => edit(withSources(spec, sources.with(i, next)))}
          />
        </Card>
      ))}
      <div>
        <Button
          onClick={() =>
            edit(withSources(spec, [...sources, { repoURL: sources.at(-1)?.repoURL ?? "", path: "" }]))
          }
        >
          Add a source
        </Button>
      </div>
    </div>
  );
}

interface SaveBarProps {
  readonly draft: Draft;
  readonly problem: string | undefined;
  readonly onReset: () => void;
}

function SaveBar({ draft, problem, onReset }: SaveBarProps) {
  const [isLooking, setLooking] = useState(false);
  const { base, spec, isChanged, isOutdated, reset } = draft;
  const { isDenied, title } = useMayDo(base, "update");
  const put = usePutApplication();
  const save = useMutation({
    mutationFn: () => replaceSpec(base, spec),
    onSuccess: (saved) => {
      put(saved);
      reset();
      setLooking(false);
      tell("Saved. It is compared with its source anew.");
    },
    onError: (error) => {
      // The page then says who is ahead, and offers both ways out.
      if (error instanceof SpecChangedError) put(error.theirs);
    },
  });
  return (
    <>
      {save.error !== null && isChanged && (
        <p role="alert" className={styles["error"]}>
          {save.error.message}
        </p>
      )}
      {(isChanged || problem !== undefined) && (
        <Button
          onClick={() => {
            reset();
            onReset();
            save.reset();
          }}
        >
          Discard
        </Button>
      )}
      <Button disabled={!isChanged || problem !== undefined} onClick={() => setLooking(true)}>
        What changes
      </Button>
      <Button
        look="primary"
        isBusy={save.isPending}
        disabled={!isChanged || problem !== undefined || isDenied || isOutdated}
        title={title}
        onClick={() => save.mutate()}
      >
        Save
      </Button>
      <Dialog
        isOpen={isLooking}
        onClose={() => setLooking(false)}
        look="wide"
        title="What changes in the settings"
      >
        <YamlDiff
          before={toYaml(base.spec ?? {})}
          after={toYaml(spec)}
          label="What changes in the settings"
        />
      </Dialog>
    </>
  );
}
