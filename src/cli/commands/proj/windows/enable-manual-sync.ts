import { switchCommand } from "./switch-field.ts";

export const command = switchCommand({
  verb: "enable",
  field: "manualSync",
  summary: "Let people sync in spite of a sync window",
});
