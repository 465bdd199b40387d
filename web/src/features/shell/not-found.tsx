import { Link } from "@tanstack/react-router";
import type { ErrorComponentProps } from "@tanstack/react-router";
import { Compass } from "lucide-react";
import { Failure, State } from "../common/states.tsx";

export function NotFound() {
  return (
    <main id="main" tabIndex={-1}>
      <State
        icon={<Compass />}
        title="There is no such page"
        actions={<Link to="/applications">All applications</Link>}
      >
        Perhaps the address was cut off.
      </State>
    </main>
  );
}

/** A page that broke, or could not be loaded. */
export function RouteFailure({ error, reset }: ErrorComponentProps) {
  return (
    <main id="main" tabIndex={-1}>
      <Failure error={error instanceof Error ? error : new Error(String(error))} onRetry={reset} />
    </main>
  );
}
