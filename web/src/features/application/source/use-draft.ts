import { useState } from "react";
import type { Application } from "../application-query.ts";
import type { Spec } from "../change-application.ts";
import { isSame } from "../is-same.ts";

export interface Draft {
  readonly spec: Spec;
  /** The application that was edited; a save is refused when its spec is not this one's any more. */
  readonly base: Application;
  readonly isChanged: boolean;
  /** Somebody else changed the spec while this was edited. */
  readonly isOutdated: boolean;
  readonly edit: (spec: Spec) => void;
  /** Begins again with what is saved now. */
  readonly reset: () => void;
  /** Keeps the edits, to be saved over what is saved now. */
  readonly rebase: () => void;
}

interface Edited {
  readonly base: Application;
  readonly spec: Spec;
}

/** A spec that is edited; while nothing is, it follows what is saved. */
export function useDraft(app: Application): Draft {
  const [edited, setEdited] = useState<Edited>();
  const saved = app.spec ?? {};
  const isChanged = edited !== undefined && !isSame(edited.spec, edited.base.spec ?? {});
  const base = isChanged ? edited.base : app;
  return {
    spec: isChanged ? edited.spec : saved,
    base,
    isChanged,
    isOutdated: isChanged && !isSame(edited.base.spec ?? {}, saved),
    edit: (spec) => setEdited({ base, spec }),
    reset: () => setEdited(undefined),
    rebase: () => setEdited({ base: app, spec: isChanged ? edited.spec : saved }),
  };
}
