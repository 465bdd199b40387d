import { switchCommand } from "./switch-field.ts";

export const command = switchCommand({
  verb: "disable",
  field: "manualSync",
  summary: "Let nobody sync in spite of a sync window",
});
