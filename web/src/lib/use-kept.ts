import { useState } from "react";

/** A value that takes over from the one before what did not change, so that what shows it is not drawn again. `keep` must be the same function each time. */
export function useKept<T>(made: T, keep: (before: T, after: T) => T): T {
  const [state, setState] = useState({ made, kept: made });
  if (state.made === made) return state.kept;
  const kept = keep(state.kept, made);
  setState({ made, kept });
  return kept;
}
