/**
 * Variables in rendered objects, as Flux's post-build substitution: `${NAME}`, with defaults and the operators of a shell, is
 * replaced in each object's YAML text, so that a value may become a number or a list; `$$` is a dollar sign.
 */
export { substitutes, substituteText } from "./substitute.ts";
export * from "./variables.ts";
