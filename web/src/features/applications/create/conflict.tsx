import { useQuery } from "@tanstack/react-query";
import { applicationQuery } from "../../application/application-query.ts";
import { Button } from "../../common/button.tsx";
import { Skeleton } from "../../common/states.tsx";
import { toYaml } from "../../common/yaml/to-yaml.ts";
import { YamlDiff } from "../../common/yaml/yaml-diff.tsx";
import styles from "./create.module.css";
import type { Manifest } from "./new-manifest.ts";

interface ConflictProps {
  readonly manifest: Manifest;
  readonly isBusy: boolean;
  readonly onUpsert: () => void;
}

/** There is one of this name with other settings: what would become of it. */
export function Conflict({ manifest, isBusy, onUpsert }: ConflictProps) {
  const { name = "", namespace = "" } = manifest.metadata ?? {};
  const { data: existing, error } = useQuery(applicationQuery({ namespace, name }));
  return (
    <section role="alert" className={styles["conflict"]}>
      <strong>There is an application {name} already, with other settings</strong>
      <p>Give this one another name, or change the existing one to what is written here:</p>
      {existing === undefined ? (
        error === null ? (
          <Skeleton lines={4} />
        ) : (
          <p className={styles["error"]}>{error.message}</p>
        )
      ) : (
        <YamlDiff
          before={toYaml(existing.spec ?? {})}
          after={toYaml(manifest.spec ?? {})}
          label={`What would change in ${name}`}
        />
      )}
      <div>
        <Button look="danger" isBusy={isBusy} onClick={onUpsert}>
          Change the existing {name}
        </Button>
      </div>
    </section>
  );
}
