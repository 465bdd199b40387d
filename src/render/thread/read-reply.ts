import { addObjects } from "./add-objects.ts";
import { decodeText } from "./decode-text.ts";
import type { EngineReply } from "./engine/call-engine.ts";
import { parseRenderedYaml } from "./parse-yaml.ts";
import type { ToolContext, ToolOutput } from "./tool.ts";

/**
 * The objects that a tool printed, each with the file that it came from where the tool knows it, else the render's path.
 * Documents count from 1 in each file; lines in messages are those of the printed document.
 */
export function readReply(context: ToolContext, sourceType: string, reply: EngineReply): ToolOutput {
  const { job, files } = context;
  const output: ToolOutput = { sourceType, objects: [] };
  const counts = new Map<string, number>();
  const whole = [{ source: "", offset: 0, size: reply.body.length }];
  for (const { source, offset, size } of reply.documents.length === 0 ? whole : reply.documents) {
    files.checkStopped();
    const file = source === "" ? job.path || "." : source;
    const text = decodeText(file, reply.body.subarray(offset, offset + size)).replaceAll(/\r\n?/g, "\n");
    const before = counts.get(file) ?? 0;
    let last = before;
    for (const { value, line, number } of parseRenderedYaml(file, text, job.limits.maxDepth)) {
      last = before + number;
      addObjects(value, { file, line, document: last }, { output, job });
    }
    counts.set(file, last);
  }
  return output;
}
