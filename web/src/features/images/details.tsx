import { Pause, Play, Radar } from "lucide-react";
import { isWebAddress } from "../../lib/web-address.ts";
import { Dialog } from "../common/dialog.tsx";
import { DataTable } from "../settings/parts/data-table.tsx";
import { Facts } from "../settings/parts/facts.tsx";
import { GuardedButton } from "../settings/parts/guarded-button.tsx";
import { scanProblem, useActions } from "./actions.ts";
import type { Automation } from "./automation.ts";
import { isStopped, stateOf, targetOf } from "./automation.ts";
import styles from "./details.module.css";
import { Commit, LastScan, NextScan, Place, Ready, Word } from "./parts.tsx";

interface DetailsProps {
  readonly automation: Automation;
  readonly onClose: () => void;
}

/** All that is known of one automation. */
export function Details({ automation, onClose }: DetailsProps) {
  const { name, namespace, project, message, proposals, images } = automation;
  const state = stateOf(automation);
  return (
    <Dialog isOpen onClose={onClose} title={name} look="panel" actions={<Buttons automation={automation} />}>
      <div className={styles["content"]}>
        {message !== "" && (
          <p className={`${styles["message"]} ${styles[state] ?? ""}`} aria-label="What the controller says">
            {message}
          </p>
        )}
        <Facts
          facts={[
            ["State", <Ready key="state" automation={automation} />],
            ["Project", project],
            ["Namespace", namespace],
            ["Writes to", targetOf(automation).text],
            ["Last scan", <LastScan key="last" automation={automation} />],
            automation.nextScan === "" || automation.isSuspended
              ? undefined
              : ["Next scan", <NextScan key="next" automation={automation} />],
            automation.lastCommit === ""
              ? undefined
              : ["Last commit", <Commit key="commit" automation={automation} />],
            proposals.length === 0
              ? undefined
              : ["Proposed", <Proposals key="proposed" proposals={proposals} />],
          ]}
        />
        <h3>Images</h3>
        {images.length === 0 ? (
          <p className="muted">The controller has not looked at them yet.</p>
        ) : (
          <DataTable
            label={`Images of ${name}`}
            rows={images}
            keyOf={(each) => `${each.image} ${each.policy}`}
            columns={[
              { name: "Image", cell: ({ image }) => <Place text={image} /> },
              { name: "Marker", cell: ({ policy }) => policy !== "" && <Word text={policy} /> },
              { name: "Newest", cell: ({ tag }) => tag },
              { name: "Digest", cell: ({ digest }) => digest !== "" && <code>{digest}</code> },
              {
                name: "Problem",
                cell: ({ problem }) => problem !== "" && <span className={styles["problem"]}>{problem}</span>,
              },
            ]}
          />
        )}
      </div>
    </Dialog>
  );
}

function Proposals({ proposals }: Pick<Automation, "proposals">) {
  return (
    <ul>
      {proposals.map((url) => (
        <li key={url}>
          {isWebAddress(url) ? (
            <a href={url} target="_blank" rel="noreferrer">
              {url}
            </a>
          ) : (
            url
          )}
        </li>
      ))}
    </ul>
  );
}

function Buttons({ automation }: Pick<DetailsProps, "automation">) {
  const { act, busy, wants } = useActions(automation);
  const problem = scanProblem(automation);
  return (
    <>
      {!automation.isSuspended && (
        <GuardedButton
          icon={<Pause />}
          wants={wants}
          isBusy={busy === "suspend"}
          onClick={() => act("suspend")}
        >
          Suspend
        </GuardedButton>
      )}
      {isStopped(automation) && (
        <GuardedButton icon={<Play />} wants={wants} isBusy={busy === "resume"} onClick={() => act("resume")}>
          Resume
        </GuardedButton>
      )}
      <GuardedButton
        icon={<Radar />}
        look="primary"
        wants={wants}
        isBusy={busy === "scan"}
        disabled={problem !== undefined}
        title={problem ?? "Looks for new images now"}
        onClick={() => act("scan")}
      >
        Scan now
      </GuardedButton>
    </>
  );
}
