import { addObjects } from "./add-objects.ts";
import { openRoot } from "./open-root.ts";
import { parseRenderedYaml } from "./parse-yaml.ts";
import type { ToolContext, ToolOutput } from "./tool.ts";

/** What a tool of the user's prints, in its order; documents count from 1 over all of its texts. */
export function renderOutside(context: ToolContext, sourceType: string): ToolOutput {
  const { job, files } = context;
  openRoot(context);
  const output: ToolOutput = { sourceType, objects: [] };
  const file = job.path || ".";
  let last = 0;
  for (const text of files.runOutside()) {
    const before = last;
    files.checkStopped();
    for (const { value, line, number } of parseRenderedYaml(
      file,
      text.replaceAll(/\r\n?/g, "\n"),
      job.limits.maxDepth,
    )) {
      last = before + number;
      addObjects(value, { file, line, document: last }, { output, job });
    }
  }
  return output;
}
