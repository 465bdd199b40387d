import { defineCommand } from "../command.ts";
import { writeFileOf } from "../output/write-file.ts";
import { formatJunit } from "../output/junit.ts";
import { commentPlace, writeComment } from "../preview/comment.ts";
import { previewFlags } from "../preview/flags.ts";
import { makePreview } from "../preview/make-preview.ts";
import { junitCases, printPreview } from "../preview/print-preview.ts";
import { usageError } from "../usage-error.ts";

export const command = defineCommand({
  name: "preview",
  summary: "Show what a change in Git would change in what applications render to",
  details:
    "Finds the Applications that files of the repository declare, renders those that the change touches at base and at head, and compares.\nIt needs no cluster and no credentials. PATH is a directory from the repository's root, rendered in place of the Applications with the\nflags of its tool. Values of Secrets are replaced by hashes. Applications that ApplicationSets or charts make are not found.\nFor --comment GITHUB_TOKEN or GITLAB_TOKEN holds the token, and the variables of the CI system say the rest.\nExit codes: 0 no difference, 1 a difference, 2 an error, also when one application cannot be rendered.",
  examples: [
    "mooring preview --base origin/main",
    "mooring preview --base origin/main --comment github --exit-code=false",
    "mooring preview --base origin/main -o markdown --exit-code=false",
    "mooring preview --base v1 --head v2 charts/web --values charts/web/prod.yaml",
  ],
  args: { usage: "[PATH…]", min: 0, max: 1_000 },
  flags: previewFlags,
  errorExit: 2,
  run: async ({ args, flags }, ports) => {
    const where = flags.repo ?? ".";
    const repository = await ports.openWorkRepository(where);
    if (repository === undefined) throw usageError(`flag --repo: ${where} is in no Git repository; give one`);
    const place = commentPlace(flags, ports.env);
    const report = await makePreview({ flags, paths: args, repository }, ports);
    printPreview(report, { ports, format: flags.output, color: flags.color, id: flags.id });
    if (flags.junit !== undefined)
      await writeFileOf(ports, flags.junit, formatJunit("preview", junitCases(report)));
    if (place !== undefined) await writeComment(report, place, { ports, id: flags.id });
    if (report.apps.some(({ change }) => change === "failed")) return 2;
    const differs = report.apps.some(({ change }) => change !== "unchanged");
    return differs && flags["exit-code"] !== false ? 1 : 0;
  },
});
