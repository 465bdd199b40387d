import { Checkbox } from "../../common/field.tsx";
import { Card } from "../../common/page.tsx";
import { isAutomated } from "../describe-application.ts";
import styles from "./create.module.css";
import type { Manifest } from "./new-manifest.ts";
import { isCascading, withCascade } from "./new-manifest.ts";
import { hasOption, withAutomated, withOption } from "./policy.ts";

interface PolicyFieldsProps {
  readonly manifest: Manifest;
  readonly onChange: (manifest: Manifest) => void;
}

const options = [
  ["CreateNamespace", "Create the namespace", "If it is not there."],
  ["ApplyOutOfSyncOnly", "Apply only what differs", "Leave the rest alone, and do not wait for it."],
  ["PruneLast", "Prune last", "Delete what left Git when everything else is done and healthy."],
  [
    "FailOnSharedResource",
    "Refuse shared objects",
    "Do nothing when another application has one of the objects.",
  ],
  ["Replace", "Replace objects", "Whole: fields that others set are lost."],
] as const;

/** Who brings it to the cluster, and how. */
export function PolicyFields({ manifest, onChange }: PolicyFieldsProps) {
  const automated = manifest.spec?.syncPolicy?.automated;
  const isOn = isAutomated(manifest);
  return (
    <Card title="How it gets there">
      <div className={styles["fields"]}>
        <div className={styles["checks"]}>
          <Checkbox
            label="Sync by itself"
            hint="Deploy every commit without anybody's doing, the first one at once."
            isChecked={isOn}
            onChange={(on) =>
              onChange(withAutomated(manifest, on ? { prune: true, selfHeal: true } : undefined))
            }
          />
          <Checkbox
            label="Prune by itself"
            hint="Delete what is removed from Git."
            isChecked={isOn && automated?.prune === true}
            isDisabled={!isOn}
            onChange={(prune) => onChange(withAutomated(manifest, { ...automated, prune }))}
          />
          <Checkbox
            label="Self-heal"
            hint="Change back what somebody changes in the cluster."
            isChecked={isOn && automated?.selfHeal === true}
            isDisabled={!isOn}
            onChange={(selfHeal) => onChange(withAutomated(manifest, { ...automated, selfHeal }))}
          />
          <Checkbox
            label="Delete its objects with it"
            hint="When the application is deleted one day."
            isChecked={isCascading(manifest)}
            onChange={(on) => onChange(withCascade(manifest, on))}
          />
        </div>
        <div className={styles["checks"]}>
          {options.map(([name, label, hint]) => (
            <Checkbox
              key={name}
              label={label}
              hint={hint}
              isChecked={hasOption(manifest, name)}
              onChange={(on) => onChange(withOption(manifest, name, on))}
            />
          ))}
        </div>
      </div>
    </Card>
  );
}
