import type { AnswerOf } from "../../../lib/api/index.ts";
import { withField } from "../../application/source/edit-source.ts";
import { Field } from "../../common/field.tsx";
import { Card } from "../../common/page.tsx";
import styles from "./create.module.css";
import type { Errors, Spec } from "./new-manifest.ts";

type Cluster = NonNullable<AnswerOf<"cluster", "list">["items"]>[number];

interface DestinationFieldsProps {
  readonly spec: Spec;
  readonly clusters: readonly Cluster[] | undefined;
  readonly errors: Errors;
  readonly refused: string | undefined;
  readonly onChange: (spec: Spec) => void;
}

/** The cluster and the namespace that it goes to. */
export function DestinationFields({
  spec,
  clusters = [],
  errors,
  refused,
  onChange,
}: DestinationFieldsProps) {
  const { destination = {} } = spec;
  const chosen = clusters.find(({ name, server }) =>
    (destination.name ?? "") === "" ? server === destination.server : name === destination.name,
  );
  const state = chosen?.connectionState;
  const own = (destination.name ?? "") === "" ? destination.server : destination.name;
  return (
    <Card title="Where it goes">
      <div className={styles["fields"]}>
        <div className={styles["pair"]}>
          <Field label="Cluster" error={errors.cluster} hint={chosen?.server}>
            {(props) => (
              <select
                {...props}
                value={chosen?.server ?? "other"}
                onChange={(event) => {
                  const { name: _name, ...rest } = destination;
                  onChange({ ...spec, destination: { ...rest, server: event.target.value } });
                }}
              >
                {chosen === undefined && <option value="other">{own}</option>}
                {clusters.map(({ name, server }) => (
                  <option key={server} value={server}>
                    {name === undefined || name === "" ? server : name}
                  </option>
                ))}
              </select>
            )}
          </Field>
          <Field label="Namespace" hint="For objects that do not say their own." error={errors.namespace}>
            {(props) => (
              <input
                {...props}
                autoComplete="off"
                spellCheck={false}
                value={destination.namespace ?? ""}
                onChange={(event) =>
                  onChange({ ...spec, destination: withField(destination, "namespace", event.target.value) })
                }
              />
            )}
          </Field>
        </div>
        {refused !== undefined && (
          <p role="status" className={styles["warning"]}>
            {refused}
          </p>
        )}
        {state?.status === "Failed" && (
          <p className={styles["warning"]}>This cluster cannot be reached now: {state.message}</p>
        )}
      </div>
    </Card>
  );
}
