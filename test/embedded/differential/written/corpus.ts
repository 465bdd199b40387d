import { documentedApplies } from "./documented-applies.ts";
import type { Script } from "./requests.ts";
import { scales } from "./scales.ts";
import { symptoms } from "./symptoms.ts";
import { verbs } from "./verbs.ts";

/** Scripts by what they are about; each runs in a namespace of its own, on servers on which nothing else acts. */
export const corpus: readonly Script[] = [...verbs, ...documentedApplies, ...scales, ...symptoms];
