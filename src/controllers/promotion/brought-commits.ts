import type { PromotionStatus } from "#core/promotion/index.ts";
import { rollbackTarget, toldCommits, writtenPromotions } from "#core/promotion/index.ts";
import type { ContentPlace } from "#engine/promotion/content-reader.ts";
import { unlessGone } from "#engine/promotion/unless-gone.ts";
import { promotionsOf, sourceOf } from "./pass.ts";
import type { Step } from "./step.ts";

/** As many as are read at once; who wrote more is not known. */
const maxCommits = 1_000;

/** What a promotion brings, or takes back, and who wrote it. */
export async function broughtBy(
  step: Step,
  base: string | undefined,
): Promise<Pick<PromotionStatus, "commits" | "authors" | "authorsCut">> {
  const { place, from, excluding } = rangeOf(step, base);
  if (from === undefined) return toldCommits({ commits: [], isComplete: true });
  const { branches } = step.pass.deps;
  const query = {
    from,
    ...(place.path === "" ? {} : { path: place.path }),
    limit: maxCommits,
    signal: step.pass.signal,
  };
  const list = async (excluded: readonly string[]) =>
    await branches.listCommits(place.access, { ...query, excluding: excluded });
  if (excluding === undefined) return toldCommits(await list([]));
  return toldCommits((await unlessGone(list([excluding]))) ?? (await list([])));
}

interface Range {
  readonly place: ContentPlace;
  readonly from: string | undefined;
  /** What the stage has, or will have, of them; undefined when it has nothing. */
  readonly excluding: string | undefined;
}

function rangeOf(step: Step, base: string | undefined): Range {
  const { promotion, view, views, pass } = step;
  const { spec } = promotion;
  if (spec.cause === "Git") return { place: view.place, from: spec.revision, excluding: knownBefore(step) };
  if (spec.kind === "Rollback") {
    const target = rollbackTarget(spec.rollbackTo, promotionsOf(pass, spec.stage));
    const excluding = target?.kind === "promotion" ? target.promotion.status.commit : target?.commit;
    return { place: view.place, from: base, excluding: excluding ?? spec.revision };
  }
  const { place } = sourceOf(view.stage, views) ?? view;
  const known = knownUpstream(step);
  const isRepeated = known === spec.revision;
  return { place, from: spec.revision, excluding: isRepeated ? heldBefore(step) : known };
}

/** What the stage had before the revision that is promoted once more: its authors may not approve it the second time either. */
function heldBefore({ promotion: { spec }, view, pass }: Step): string | undefined {
  const others = writtenPromotions(promotionsOf(pass, spec.stage)).filter(
    (one) => one.spec.revision !== spec.revision,
  );
  return (
    others[0]?.spec.revision ??
    view.status.passed?.find(({ revision }) => revision !== spec.revision)?.revision
  );
}

/** Of a folder that was pushed to by git the commit says nothing of the folder upstream, which others may have changed before it. */
function knownUpstream({ view, pass }: Step): string | undefined {
  const { revision, passed = [] } = view.status;
  if (view.stage.path === "") return revision;
  const promotions = promotionsOf(pass, view.stage.name);
  const pushed = promotions.filter(({ spec }) => spec.cause === "Git").map(({ spec }) => spec.revision);
  if (revision === undefined || !pushed.includes(revision)) return revision;
  const last = writtenPromotions(promotions).find(({ spec }) => spec.cause !== "Git");
  return last?.spec.revision ?? passed.find((one) => !pushed.includes(one.revision))?.revision;
}

/** What the stage had before something was pushed to it by git: the last promotion's, or what it was verified with to begin with. */
function knownBefore({ promotion, view, views, pass }: Step): string | undefined {
  const [last] = writtenPromotions(promotionsOf(pass, promotion.spec.stage)).filter(
    ({ spec }) => spec.revision !== promotion.spec.revision,
  );
  if (last !== undefined) return last.status.commit;
  const source = sourceOf(view.stage, views) ?? view;
  const passed = view.status.passed?.find(({ revision }) => revision !== promotion.spec.revision);
  return source.place.access.url === view.place.access.url ? passed?.revision : undefined;
}
