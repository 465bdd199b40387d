import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { Button } from "../../common/button.tsx";
import { Dialog } from "../../common/dialog.tsx";
import { Checkbox } from "../../common/field.tsx";
import { tell } from "../../common/toast.tsx";
import type { Application } from "../application-query.ts";
import { mergeInto } from "../change-application.ts";
import { usePutApplication } from "../use-put-application.ts";
import { useMayDo } from "../use-may-do.ts";
import type { Switch } from "./automation-change.ts";
import { automationPatch, explainSwitch, isOn } from "./automation-change.ts";
import styles from "./header.module.css";

const switches: readonly (readonly [Switch, string])[] = [
  ["automated", "Sync by itself"],
  ["prune", "Prune"],
  ["selfHeal", "Self-heal"],
];

/** What the application does by itself, to be turned on and off. */
export function Automation({ app }: { readonly app: Application }) {
  const [asked, setAsked] = useState<Switch>();
  const { isDenied, title } = useMayDo(app, "update");
  const isAutomated = isOn(app, "automated");
  return (
    <span className={styles["switches"]} title={title}>
      {switches.map(([which, label]) => (
        <Checkbox
          key={which}
          label={label}
          isChecked={isOn(app, which) && (which === "automated" || isAutomated)}
          isDisabled={isDenied || (which !== "automated" && !isAutomated)}
          onChange={() => setAsked(which)}
        />
      ))}
      {asked !== undefined && <AskSwitch app={app} which={asked} onClose={() => setAsked(undefined)} />}
    </span>
  );
}

interface AskSwitchProps {
  readonly app: Application;
  readonly which: Switch;
  readonly onClose: () => void;
}

function AskSwitch({ app, which, onClose }: AskSwitchProps) {
  const [{ title, effect }] = useState(() => explainSwitch(app, which));
  const [on] = useState(() => !isOn(app, which));
  const put = usePutApplication();
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => mergeInto(app, automationPatch(app, which, on)),
    onSuccess: (changed) => {
      put(changed);
      tell(`${title}: done.`);
      onClose();
    },
  });
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={title}
      description={effect}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" isBusy={isPending} onClick={() => mutate()}>
            {on ? "Turn on" : "Turn off"}
          </Button>
        </>
      }
    >
      {error !== null && <p role="alert">{error.message}</p>}
    </Dialog>
  );
}
