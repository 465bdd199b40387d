import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Copy, Pencil } from "lucide-react";
import { useMemo, useState } from "react";
import { call } from "../../../lib/api/index.ts";
import { Button } from "../../common/button.tsx";
import { Checkbox } from "../../common/field.tsx";
import { Failure, Skeleton, State } from "../../common/states.tsx";
import { tell } from "../../common/toast.tsx";
import type { Part } from "../resource-queries.ts";
import { liveQuery, requestOf } from "../resource-queries.ts";
import type { TabProps } from "../tabs.tsx";
import { useMayOn } from "../use-may-on.ts";
import type { JsonObject } from "./json.ts";
import styles from "./manifest-tab.module.css";
import { manifestText, readManifest } from "./manifest-text.ts";
import { mergePatch } from "./merge-patch.ts";
import { EditorCore } from "../../common/yaml/editor-core.tsx";

/** What lives in the cluster, and a way to change it there. */
export function ManifestTab({ app, resource }: TabProps) {
  const { data, error, refetch } = useQuery(liveQuery({ app, resource }));
  const [edited, setEdited] = useState<JsonObject>();
  if (data === undefined)
    return error === null ? (
      <Skeleton lines={10} />
    ) : (
      <Failure error={error} onRetry={() => void refetch()} />
    );
  if (data === null)
    return (
      <State icon={<Pencil />} title="Nothing lives">
        The cluster does not have it.
      </State>
    );
  return edited === undefined ? (
    <Reading app={app} resource={resource} live={data} onEdit={() => setEdited(data)} />
  ) : (
    <Editing app={app} resource={resource} original={edited} onDone={() => setEdited(undefined)} />
  );
}

interface ReadingProps extends Part {
  readonly live: JsonObject;
  readonly onEdit: () => void;
}

function Reading({ app, resource, live, onEdit }: ReadingProps) {
  const [showsOwners, setShowsOwners] = useState(false);
  const text = useMemo(() => manifestText(live, showsOwners), [live, showsOwners]);
  const may = useMayOn(app, "update", resource);
  return (
    <>
      <div className={styles["tools"]}>
        <Checkbox label="With managed fields" isChecked={showsOwners} onChange={setShowsOwners} />
        <div className={styles["buttons"]}>
          <CopyButton text={text} />
          <Button
            size="small"
            icon={<Pencil />}
            disabled={may === false}
            title={
              may === false
                ? `The policy does not let you change ${resource.kind} ${resource.name}`
                : undefined
            }
            onClick={onEdit}
          >
            Edit
          </Button>
        </div>
      </div>
      <EditorCore label={`Live manifest of ${resource.name}`} value={text} isTall isReadOnly />
    </>
  );
}

interface EditingProps extends Part {
  readonly original: JsonObject;
  readonly onDone: () => void;
}

/** Only what was changed is sent, so that what others wrote meanwhile stays. */
function Editing({ app, resource, original, onDone }: EditingProps) {
  const before = useMemo(() => manifestText(original, false), [original]);
  const [text, setText] = useState(before);
  const queryClient = useQueryClient();
  const patch = useMemo(() => {
    const old = readManifest(before, original);
    const written = readManifest(text, original);
    if ("problem" in written) return written;
    return "problem" in old ? old : { patch: mergePatch(old.object, written.object) };
  }, [before, original, text]);
  const save = useMutation({
    mutationFn: (changes: JsonObject) =>
      call("application.patchResource", {
        ...requestOf({ app, resource }),
        patch: JSON.stringify(changes),
        patchType: "application/merge-patch+json",
      }),
    onSuccess: async () => {
      tell(`${resource.kind} ${resource.name} was changed in the cluster`);
      onDone();
      await queryClient.invalidateQueries({ queryKey: ["resource"] });
    },
  });
  const changes = "patch" in patch ? patch.patch : undefined;
  const problem = "problem" in patch ? patch.problem : save.error?.message;
  return (
    <>
      <p className={styles["note"]}>
        {resource.isManaged
          ? "This changes the cluster, not Git: the next sync of it writes back what Git says."
          : "This changes the cluster. What made it may change it back."}
      </p>
      <EditorCore label={`Manifest of ${resource.name}`} value={text} isTall onChange={setText} />
      {problem !== undefined && (
        <p role="alert" className={styles["problem"]}>
          {problem}
        </p>
      )}
      <div className={styles["foot"]}>
        <Button onClick={onDone}>Cancel</Button>
        <Button
          look="primary"
          isBusy={save.isPending}
          disabled={changes === undefined}
          title={changes === undefined && problem === undefined ? "Nothing was changed" : undefined}
          onClick={() => changes !== undefined && save.mutate(changes)}
        >
          Save to the cluster
        </Button>
      </div>
    </>
  );
}

export function CopyButton({ text }: { readonly text: string }) {
  return (
    <Button
      size="small"
      icon={<Copy />}
      onClick={() =>
        void navigator.clipboard.writeText(text).then(
          () => tell("Copied"),
          () => tell("The browser did not let it be copied; select it and press Ctrl+C", "bad"),
        )
      }
    >
      Copy
    </Button>
  );
}
