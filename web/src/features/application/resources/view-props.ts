import type { Application } from "../application-query.ts";
import type { Resource } from "./describe-resources.ts";
import type { Host } from "./use-resources.ts";
import type { Filter } from "./filter-resources.ts";

/** What every view of the resources is given. */
export interface ViewProps {
  readonly app: Application;
  /** All of them; a view that draws ways needs those that the filter leaves out, too. */
  readonly resources: readonly Resource[];
  /** What its Pods run on. */
  readonly hosts: readonly Host[];
  readonly filter: Filter;
  readonly root: {
    readonly name: string;
    readonly health: string | undefined;
    readonly sync: string | undefined;
  };
  /** Opens the panel of a resource. */
  readonly onOpen: (key: string) => void;
}
