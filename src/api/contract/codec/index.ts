export { isInlined } from "./inlined.ts";
export * from "./invalid-field.ts";
export * from "./parse-json.ts";
export * from "./read-message.ts";
export * from "./require-fields.ts";
export * from "./without-nulls.ts";
export * from "./write-message.ts";
