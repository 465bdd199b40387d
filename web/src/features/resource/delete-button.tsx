import { useMutation } from "@tanstack/react-query";
import { Trash2 } from "lucide-react";
import { useState } from "react";
import { call } from "../../lib/api/index.ts";
import { Button } from "../common/button.tsx";
import { Dialog } from "../common/dialog.tsx";
import { Checkbox } from "../common/field.tsx";
import { tell } from "../common/toast.tsx";
import type { Resource } from "../application/resources/describe-resources.ts";
import { formatKinds } from "../application/resources/graph/graph.ts";
import { countKinds, resourcesBelow } from "./below.ts";
import styles from "./confirm.module.css";
import type { Part } from "./resource-queries.ts";
import { requestOf } from "./resource-queries.ts";
import { useMayOn } from "./use-may-on.ts";

interface DeleteButtonProps extends Part {
  readonly resources: readonly Resource[];
}

/** Deletes the resource from the cluster, after it was said what goes with it. */
export function DeleteButton({ app, resource, resources }: DeleteButtonProps) {
  const [isAsking, setAsking] = useState(false);
  const may = useMayOn(app, "delete", resource);
  return (
    <>
      <Button
        size="small"
        icon={<Trash2 />}
        disabled={may === false}
        title={
          may === false ? `The policy does not let you delete ${resource.kind} ${resource.name}` : undefined
        }
        onClick={() => setAsking(true)}
      >
        Delete
      </Button>
      {isAsking && (
        <DeleteDialog app={app} resource={resource} resources={resources} onClose={() => setAsking(false)} />
      )}
    </>
  );
}

/** So many kinds and names are listed. */
const maxListed = 8;

function DeleteDialog({
  app,
  resource,
  resources,
  onClose,
}: DeleteButtonProps & { readonly onClose: () => void }) {
  const [orphan, setOrphan] = useState(false);
  const [force, setForce] = useState(false);
  const { kind, name, namespace, isManaged, isPruned } = resource;
  const below = resourcesBelow(resources, resource.key);
  const remove = useMutation({
    mutationFn: () =>
      call("application.deleteResource", {
        ...requestOf({ app, resource }),
        orphan,
        force: force && !orphan,
      }),
    onSuccess: () => {
      tell(`${kind} ${name} is being deleted`);
      onClose();
    },
  });
  const where = namespace === "" ? "from the cluster" : `from namespace ${namespace}`;
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={`Delete ${kind} ${name}?`}
      description={`It is deleted ${where}.`}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="danger" isBusy={remove.isPending} onClick={() => remove.mutate()}>
            Delete {kind}
          </Button>
        </>
      }
    >
      <div className={styles["form"]}>
        {below.length > 0 && (
          <div>
            {orphan ? "These stay and belong to nobody then:" : "These go with it:"}
            <ul className={styles["list"]}>
              {countKinds(below)
                .slice(0, maxListed)
                .map(([one, count]) => (
                  <li key={one}>
                    {formatKinds(count, one)}
                    {count <= maxListed && (
                      <span className="muted">
                        {": "}
                        {below
                          .filter((each) => each.kind === one)
                          .map((each) => each.name)
                          .join(", ")}
                      </span>
                    )}
                  </li>
                ))}
            </ul>
          </div>
        )}
        {isManaged && !isPruned && (
          <p className={styles["note"]}>
            Git still names it:{" "}
            {isSelfHealing(app) ? "Mooring makes it again at once" : "the next sync makes it again"}.
          </p>
        )}
        <div>
          {below.length > 0 && (
            <Checkbox
              label="Leave what belongs to it"
              hint="Only this object goes."
              isChecked={orphan}
              onChange={setOrphan}
            />
          )}
          <Checkbox
            label="At once"
            hint="Nothing is given time to end in order. What writes data may lose some."
            isChecked={force && !orphan}
            isDisabled={orphan}
            onChange={setForce}
          />
        </div>
        {remove.error !== null && (
          <p role="alert" className={styles["error"]}>
            {remove.error.message}
          </p>
        )}
      </div>
    </Dialog>
  );
}

function isSelfHealing({ spec }: Part["app"]): boolean {
  const automated = spec?.syncPolicy?.automated;
  return automated !== undefined && automated.enabled !== false && automated.selfHeal === true;
}
