import {
  CircleAlert,
  CircleCheck,
  CircleDashed,
  CircleHelp,
  CircleMinus,
  CirclePause,
  CircleX,
  GitCompareArrows,
  LoaderCircle,
} from "lucide-react";
import type { LucideIcon } from "lucide-react";
import styles from "./status.module.css";

type Tone = "good" | "moving" | "warn" | "bad" | "paused" | "unknown";

interface Look {
  readonly tone: Tone;
  readonly Icon: LucideIcon;
}

const unknown: Look = { tone: "unknown", Icon: CircleHelp };

const healthLooks: Readonly<Record<string, Look>> = {
  Healthy: { tone: "good", Icon: CircleCheck },
  Progressing: { tone: "moving", Icon: LoaderCircle },
  Degraded: { tone: "bad", Icon: CircleX },
  Suspended: { tone: "paused", Icon: CirclePause },
  Missing: { tone: "warn", Icon: CircleDashed },
};

const syncLooks: Readonly<Record<string, Look>> = {
  Synced: { tone: "good", Icon: CircleCheck },
  OutOfSync: { tone: "warn", Icon: GitCompareArrows },
};

const phaseLooks: Readonly<Record<string, Look>> = {
  Running: { tone: "moving", Icon: LoaderCircle },
  Terminating: { tone: "warn", Icon: CircleMinus },
  Succeeded: { tone: "good", Icon: CircleCheck },
  Failed: { tone: "bad", Icon: CircleX },
  Error: { tone: "bad", Icon: CircleAlert },
};

/** Of repositories and clusters. */
const connectionLooks: Readonly<Record<string, Look>> = {
  Successful: { tone: "good", Icon: CircleCheck },
  Failed: { tone: "bad", Icon: CircleX },
};

/** Of a step from stage to stage. */
const promotionLooks: Readonly<Record<string, Look>> = {
  Pending: { tone: "moving", Icon: LoaderCircle },
  Waiting: { tone: "paused", Icon: CirclePause },
  Writing: { tone: "moving", Icon: LoaderCircle },
  Proposed: { tone: "paused", Icon: CirclePause },
  Applying: { tone: "moving", Icon: LoaderCircle },
  Verifying: { tone: "moving", Icon: LoaderCircle },
  Succeeded: { tone: "good", Icon: CircleCheck },
  Failed: { tone: "bad", Icon: CircleX },
  Refused: { tone: "bad", Icon: CircleMinus },
  Superseded: { tone: "unknown", Icon: CircleMinus },
  RolledBack: { tone: "warn", Icon: CircleMinus },
};

/** Of what has to agree before a promotion goes on. */
const gateLooks: Readonly<Record<string, Look>> = {
  Waiting: { tone: "paused", Icon: CirclePause },
  Passed: { tone: "good", Icon: CircleCheck },
  Failed: { tone: "bad", Icon: CircleX },
  Bypassed: { tone: "warn", Icon: CircleAlert },
};

/** Of what keeps images new. */
const automationLooks: Readonly<Record<string, Look>> = {
  New: { tone: "unknown", Icon: CircleDashed },
  Ready: { tone: "good", Icon: CircleCheck },
  Suspended: { tone: "paused", Icon: CirclePause },
  Held: { tone: "paused", Icon: CirclePause },
  Flapping: { tone: "warn", Icon: CircleAlert },
  Failed: { tone: "bad", Icon: CircleX },
};

const looks = {
  health: healthLooks,
  sync: syncLooks,
  phase: phaseLooks,
  connection: connectionLooks,
  promotion: promotionLooks,
  gate: gateLooks,
  automation: automationLooks,
} as const;

const labels: Readonly<Record<string, string>> = {
  OutOfSync: "Out of sync",
  Successful: "Connected",
  RolledBack: "Rolled back",
  Superseded: "Overtaken",
  New: "Not looked at yet",
};

/** What a status means for the eye. */
export function toneOf(of: keyof typeof looks, status: string | undefined): Tone {
  return (looks[of][status ?? ""] ?? unknown).tone;
}

interface StatusProps {
  readonly of: keyof typeof looks;
  readonly status: string | undefined;
  /** Said in place of the status, where that has another name. */
  readonly label?: string;
  /** Says more on hover. */
  readonly message?: string | undefined;
  /** `icon` where the word stands beside it already. */
  readonly look?: "badge" | "text" | "icon";
}

/** A status as a sign and a word: never by colour alone (WCAG 2.2, 1.4.1). */
export function Status({ of, status, label: given, message, look = "text" }: StatusProps) {
  const word = status === undefined || status === "" ? "Unknown" : status;
  const { tone, Icon } = looks[of][word] ?? unknown;
  const label = given ?? labels[word] ?? word;
  return (
    <span className={`${styles["status"]} ${styles[tone]} ${styles[look]}`} title={message ?? undefined}>
      <Icon aria-hidden="true" className={tone === "moving" ? styles["turning"] : undefined} />
      <span className={look === "icon" ? "visually-hidden" : undefined}>{label}</span>
    </span>
  );
}
