import { sourcesOf } from "../../applications/describe-application.ts";
import { Checkbox, Field } from "../../common/field.tsx";
import type { Application } from "../application-query.ts";
import type { SyncChoice } from "./choice.ts";
import styles from "./sync.module.css";

interface SyncOptionsProps {
  readonly app: Application;
  readonly choice: SyncChoice;
  readonly choose: (change: Partial<SyncChoice>) => void;
}

/** How a sync is asked for. */
export function SyncOptions({ app, choice, choose }: SyncOptionsProps) {
  return (
    <div>
      <div className={styles["options"]}>
        <Checkbox
          label="Prune"
          hint="Delete what was deployed and Git does not have any more."
          isChecked={choice.prune}
          onChange={(prune) => choose({ prune })}
        />
        <Checkbox
          label="Dry run"
          hint="Ask the cluster, change nothing."
          isChecked={choice.dryRun}
          onChange={(dryRun) => choose({ dryRun })}
        />
      </div>
      <details className={styles["more"]}>
        <summary>Revision and more options</summary>
        <div className={styles["moreBody"]}>
          <Revisions app={app} choice={choice} choose={choose} />
          <div className={styles["options"]}>
            <Checkbox
              label="Only what is out of sync"
              hint="Leave alone, and do not wait for, what is as Git says."
              isChecked={choice.onlyOutOfSync}
              onChange={(onlyOutOfSync) => choose({ onlyOutOfSync })}
            />
            <Checkbox
              label="Without hooks"
              hint="Apply the objects and run nothing before or after."
              isChecked={choice.skipHooks}
              onChange={(skipHooks) => choose({ skipHooks })}
            />
            <Checkbox
              label="Force"
              hint="Delete and create again what has a field that cannot be changed. It is gone in between."
              isChecked={choice.force}
              onChange={(force) => choose({ force })}
            />
            <Checkbox
              label="Replace"
              hint="Replace objects whole: fields that others set are lost."
              isChecked={choice.replace}
              onChange={(replace) => choose({ replace })}
            />
            <Checkbox
              label="Without waiting for other applications"
              hint="Those that mooring.dev/depends-on names."
              isChecked={choice.ignoreDependencies}
              onChange={(ignoreDependencies) => choose({ ignoreDependencies })}
            />
            <Checkbox
              label="Server-side apply"
              hint="Always: nothing is applied in another way here."
              isChecked
              isDisabled
              onChange={() => undefined}
            />
          </div>
        </div>
      </details>
    </div>
  );
}

function Revisions({ app, choice, choose }: SyncOptionsProps) {
  return sourcesOf(app).map((source, i) => {
    const target =
      source.targetRevision === undefined || source.targetRevision === "" ? "HEAD" : source.targetRevision;
    return (
      <Field
        key={i}
        label={choice.revisions.length > 1 ? `Revision of source ${i + 1}` : "Revision"}
        hint="A branch, tag, commit or version. Empty for the target revision."
      >
        {(props) => (
          <input
            {...props}
            value={choice.revisions[i] ?? ""}
            placeholder={target}
            onChange={(event) => choose({ revisions: choice.revisions.with(i, event.target.value) })}
          />
        )}
      </Field>
    );
  });
}
