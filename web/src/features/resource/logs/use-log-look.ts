import { useState } from "react";

/** How a log is shown, which reads nothing anew. */
export interface LogLook {
  readonly filter: string;
  /** Only the lines with the text, not all of them with the text marked. */
  readonly isNarrowed: boolean;
  readonly wraps: boolean;
  readonly hasTimes: boolean;
  readonly change: (change: Partial<Omit<LogLook, "change">>) => void;
}

let kept: Omit<LogLook, "change"> = { filter: "", isNarrowed: true, wraps: true, hasTimes: false };

/** Stays as it is from one log to the next. */
export function useLogLook(): LogLook {
  const [look, setLook] = useState(kept);
  return {
    ...look,
    change: (change) => {
      kept = { ...look, ...change };
      setLook(kept);
    },
  };
}
