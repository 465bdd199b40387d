import type { Application, ApplicationSource } from "./types.ts";

/** The one source that an Application deploys; undefined when it has none, or several, which is a problem of its spec. */
export function sourceOf(app: Application): ApplicationSource | undefined {
  const { source, sources = [] } = app.spec;
  if (sources.length === 0) return source;
  return sources.length === 1 ? sources[0] : undefined;
}

/** The name of the Application's project; an empty one means `default`. */
export function projectNameOf(app: Application): string {
  return app.spec.project === "" ? "default" : app.spec.project;
}
