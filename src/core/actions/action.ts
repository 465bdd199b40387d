import type { KubeObject } from "#core/object/index.ts";

/** A value that an action asks for. */
interface ActionParameter {
  readonly name: string;
  readonly default?: string;
}

/** Something that may be done with an object. */
export interface ResourceAction {
  readonly name: string;
  /** It makes no sense now: a Deployment that is not paused cannot be resumed. */
  readonly disabled: boolean;
  readonly displayName?: string;
  readonly params: readonly ActionParameter[];
}

/** What an action does to the cluster: it changes its object, or creates another. */
export interface ActionEffect {
  readonly operation: "create" | "patch";
  /** The object as it shall be. */
  readonly object: KubeObject;
}

/** What an action is given beside its object. */
export interface ActionInput {
  readonly parameters: Readonly<Record<string, string>>;
  /** RFC 3339 in UTC with whole seconds. */
  readonly now: string;
}

/** An action that Mooring brings along. Names and effects are Argo CD's. */
export interface BuiltInAction {
  readonly name: string;
  readonly displayName?: (object: KubeObject) => string;
  readonly isDisabled?: (object: KubeObject) => boolean;
  readonly params?: (object: KubeObject) => readonly ActionParameter[];
  /** Throws CLI_USAGE for a parameter that is missing or wrong. */
  readonly run: (object: KubeObject, input: ActionInput) => ActionEffect;
}

/** Built-in actions by `group/Kind`. */
export type ActionTable = Readonly<Record<string, readonly BuiltInAction[]>>;
