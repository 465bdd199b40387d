import { Suspense, lazy } from "react";
import { Skeleton } from "../states.tsx";

export interface YamlDiffProps {
  readonly before: string;
  readonly after: string;
  /** What differs; read aloud. */
  readonly label: string;
  readonly isSideBySide?: boolean;
}

const DiffCore = lazy(async () => ({ default: (await import("./diff-core.tsx")).DiffCore }));

/** What differs between two texts of YAML, loaded when it is first shown. */
export function YamlDiff(props: YamlDiffProps) {
  return (
    <Suspense fallback={<Skeleton lines={5} label="Loading the difference" />}>
      <DiffCore {...props} />
    </Suspense>
  );
}
