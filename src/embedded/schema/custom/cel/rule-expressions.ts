import { Expressions } from "#runtime/cel/environment.ts";

/** Of the rules of custom resources, whose variables are `self` and `oldSelf`. */
export const ruleExpressions = new Expressions();
