// Types alone: the UI holds none of the server's code.
import type { services } from "../../../../src/api/contract/methods.ts";
import type { ShapeOfDesc } from "../../../../src/api/contract/shape.ts";

type Services = typeof services;
export type ServiceName = keyof Services;
export type MethodOf<S extends ServiceName> = keyof Services[S]["method"] & string;

type Described = { readonly input: unknown; readonly output: unknown };

export type RequestOf<
  S extends ServiceName,
  M extends MethodOf<S>,
> = Services[S]["method"][M] extends Described ? ShapeOfDesc<Services[S]["method"][M]["input"]> : never;
export type AnswerOf<
  S extends ServiceName,
  M extends MethodOf<S>,
> = Services[S]["method"][M] extends Described ? ShapeOfDesc<Services[S]["method"][M]["output"]> : never;
