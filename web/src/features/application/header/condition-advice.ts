import type { Application } from "../application-query.ts";
import {
  commandIn,
  shortenRevisions,
  withoutClausesToType,
  withoutCommands,
  withoutSubject,
} from "./phrases.ts";

type Tone = "bad" | "warn" | "paused";
/** What a button beside a condition opens. */
export type Remedy = "source" | "sync" | "refresh" | "progress" | "promotion";

export interface ShownCondition {
  readonly title: string;
  readonly tone: Tone;
  readonly message: string;
  readonly advice: string;
  /** What one types to help it. */
  readonly command: string | undefined;
  readonly remedy: Remedy | undefined;
  readonly since: string | undefined;
}

interface Advice {
  readonly title: string;
  readonly tone?: Tone;
  readonly advice: string;
  readonly remedy?: Remedy;
}

/** What each type of condition means and what one does about it. */
const known: Readonly<Record<string, Advice>> = {
  DeletionError: {
    title: "It cannot be deleted",
    advice: "Mend what the message names; the deletion goes on by itself then.",
  },
  DeletionWarning: {
    title: "Its deletion waits",
    advice: "It goes on by itself when what the message names has happened.",
  },
  InvalidSpecError: {
    title: "Its settings are not valid",
    advice:
      "Correct the field that the message names. Nothing is deployed until then; what runs goes on running.",
    remedy: "source",
  },
  ComparisonError: {
    title: "What Git says cannot be read",
    advice: "Correct it in Git or in the source's settings, then compare again. What runs goes on running.",
    remedy: "source",
  },
  SyncError: {
    title: "It is not synced by itself",
    advice: "See why the last sync ended, mend that in Git, or sync again by hand.",
    remedy: "progress",
  },
  UnknownError: {
    title: "Something failed that nobody foresaw",
    advice: "Compare again. If it stays, the controller's log says more.",
    remedy: "refresh",
  },
  SharedResourceWarning: {
    title: "Another application has the same object",
    advice: "Let one of the two have it: remove it from one source, or give it another name or namespace.",
  },
  RepeatedResourceWarning: {
    title: "An object is there twice",
    advice: "Remove one of the two from the source. The last one is deployed until then.",
    remedy: "source",
  },
  ExcludedResourceWarning: {
    title: "An object is left out by the settings",
    advice:
      "Its kind is excluded in argocd-cm (resource.exclusions). Remove it from the source, or include the kind.",
  },
  OrphanedResourceWarning: {
    title: "The namespace holds what belongs to no application",
    advice: "Delete it, bring it into Git, or ignore it in the project's orphanedResources.",
  },
  UnsupportedFieldWarning: {
    title: "A setting has no effect here",
    advice: "Remove the field, or see what stands for it in the documentation on compatibility.",
    remedy: "source",
  },
  SyncWindowWarning: {
    title: "A sync window holds it back",
    tone: "paused",
    advice: "It goes on by itself when the window permits it. The windows are set in the project.",
  },
  SelfHealWarning: {
    title: "Something changes it again and again",
    advice:
      "Find who writes the field that the message names, and let one of the two have it, in Git or by ignoreDifferences.",
  },
  GlobalProjectWarning: {
    title: "A global project cannot be used",
    advice: "Correct what the message names in argocd-cm or in that project.",
  },
  RollbackWarning: {
    title: "A revision failed and was rolled back",
    advice: "Commit what mends it. A sync by hand ends the hold, too.",
    remedy: "sync",
  },
  ApprovalRequired: {
    title: "A plan waits for approval",
    tone: "paused",
    advice: "See what it would do. Somebody who may approve that runs:",
    remedy: "sync",
  },
  PromotionRequired: {
    title: "What is new waits for its promotion",
    tone: "paused",
    advice: "What is deployed stays. The promotion says what it waits for.",
    remedy: "promotion",
  },
  DependencyError: {
    title: "What it depends on is not right",
    advice: "Correct the annotation mooring.dev/depends-on, or the application that it names.",
  },
  DependencyWarning: {
    title: "It waits for other applications",
    tone: "paused",
    advice: "It goes on by itself when they are synced and healthy.",
  },
  LeftBehindWarning: {
    title: "Objects are left where it was deployed before",
    advice: "Delete them there if nobody needs them; nothing else will.",
  },
};

/** The conditions, errors first, with what to do about each. */
export function conditionsOf(app: Application): readonly ShownCondition[] {
  const shown = (app.status?.conditions ?? []).map(({ type = "", message = "", lastTransitionTime }) => {
    const { title, tone, advice, remedy } = known[type] ?? {
      title: type,
      advice: "",
      tone: undefined,
      remedy: undefined,
    };
    return {
      title,
      tone: tone ?? (type.endsWith("Error") ? "bad" : "warn"),
      message: shortenRevisions(
        (type === "PromotionRequired" ? withoutClausesToType : withoutCommands)(withoutSubject(message, app)),
      ),
      advice,
      command: commandIn(message),
      remedy,
      since: lastTransitionTime,
    };
  });
  return shown.toSorted((a, b) => order.indexOf(a.tone) - order.indexOf(b.tone));
}

const order: readonly Tone[] = ["bad", "warn", "paused"];
