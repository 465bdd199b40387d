/** What the list of pipelines shows, as it stands in the address. */
export interface PipelinesSearch {
  readonly text?: string;
  readonly project?: string;
}

export function parsePipelinesSearch({ text, project }: Readonly<Record<string, unknown>>): PipelinesSearch {
  return {
    ...(isText(text) ? { text } : {}),
    ...(isText(project) ? { project } : {}),
  };
}

const pipelineViews = ["stages", "settings"] as const;
export type PipelineView = (typeof pipelineViews)[number];

/** What one pipeline's page shows. */
export interface PipelineSearch {
  readonly view?: PipelineView;
  /** Whose promotions are listed; those of all stages unless it is there. */
  readonly stage?: string;
}

export function parsePipelineSearch({ view, stage }: Readonly<Record<string, unknown>>): PipelineSearch {
  return {
    ...(view === "settings" ? { view } : {}),
    ...(isText(stage) ? { stage } : {}),
  };
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}
