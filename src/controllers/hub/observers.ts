import type { KubeObject } from "#core/object/index.ts";
import type { HubKey } from "#ports/hub.ts";

type OnChange = (key: HubKey, before: KubeObject | undefined, after: KubeObject | undefined) => void;

/** Whoever else works on the same hub is told of what changes, after the collections hold it. */
export interface HubObserver {
  readonly onApplication: OnChange;
  /** A Pipeline or a Promotion. */
  readonly onPromotion: OnChange;
  readonly onConfig: (kind: "project" | "secret" | "configMap", object: KubeObject) => void;
}

/** Those who are told. */
export class HubObservers implements HubObserver {
  readonly #observers = new Set<HubObserver>();

  add(observer: HubObserver): Disposable {
    this.#observers.add(observer);
    return { [Symbol.dispose]: () => void this.#observers.delete(observer) };
  }

  readonly onApplication: OnChange = (...change) => {
    for (const observer of this.#observers) observer.onApplication(...change);
  };

  readonly onPromotion: OnChange = (...change) => {
    for (const observer of this.#observers) observer.onPromotion(...change);
  };

  readonly onConfig: HubObserver["onConfig"] = (...change) => {
    for (const observer of this.#observers) observer.onConfig(...change);
  };
}
