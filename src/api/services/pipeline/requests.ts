import { parseDigest } from "#core/approval/index.ts";
import { MooringError } from "#core/errors/index.ts";
import type { JsonObject } from "#core/object/index.ts";
import type { Pipeline, Promotion } from "#core/promotion/index.ts";
import {
  breakGlass as breakGlassPatch,
  hold as holdPatch,
  parsePipeline,
  parsePromotion,
  refresh as refreshPatch,
  reject as rejectPatch,
  resume as resumePatch,
} from "#core/promotion/index.ts";
import * as requests from "#engine/promotion-requests/index.ts";
import type { ServiceMethods } from "../../call.ts";
import type { ApiCall, Caller } from "../../caller.ts";
import type { ApiContext } from "../../context.ts";
import { findPipeline, findPromotion, personOf, placeOf, timeOf, written } from "./find.ts";
import type { PipelineShape } from "./read.ts";
import type { PromotionShape } from "./promotions.ts";

type Methods = ServiceMethods<"pipeline", Caller>;
type Requests = Pick<
  Methods,
  "promote" | "rollback" | "release" | "approve" | "reject" | "breakGlass" | "hold" | "resume" | "refresh"
>;

/** What people ask of pipelines and promotions, each for who may ask it of the stage. */
export function requestMethods(context: ApiContext): Requests {
  return { ...askingMethods(context), ...decidingMethods(context), ...holdingMethods(context) };
}

function askingMethods(context: ApiContext): Pick<Requests, "promote" | "rollback" | "release"> {
  return {
    promote: async ({ revision = "", reason = "", release = "", ...name }, call) => {
      const pipeline = await stageFor(context, name, { call, verb: "promote" });
      const promotion = await requests.promote(placeOf(context, call), pipeline, {
        ...asked(context, call),
        stage: name.stage ?? "",
        revision,
        reason,
        ...(release === "" ? {} : { release: { name: release, size: 1 } }),
      });
      return written<PromotionShape>(context, promotion);
    },
    rollback: async ({ to = "", reason = "", ...name }, call) => {
      const pipeline = await stageFor(context, name, { call, verb: "rollback" });
      const request = { ...asked(context, call), stage: name.stage ?? "", to, reason };
      return written<PromotionShape>(
        context,
        await requests.rollback(placeOf(context, call), pipeline, request),
      );
    },
    release: async ({ name = "", targets = [], reason = "" }, call) => {
      if (targets.length === 0) {
        throw new MooringError("API_INVALID_ARGUMENT", "targets: there are none; name pipelines and stages");
      }
      const found = [];
      // One after the other: the first that may not be promoted is told, and a long list is no flood.
      for (const { revision = "", ...target } of targets) {
        const pipeline = await stageFor(context, target, { call, verb: "promote" });
        found.push({ pipeline, stage: target.stage ?? "", revision });
      }
      const request = { ...asked(context, call), name, targets: found, reason };
      const promotions = await requests.release(placeOf(context, call), request);
      return { items: promotions.map((promotion) => written<PromotionShape>(context, promotion)) };
    },
  };
}

function decidingMethods(context: ApiContext): Pick<Requests, "approve" | "reject" | "breakGlass"> {
  return {
    approve: async ({ digest: text = "", comment = "", ...name }, call) => {
      const promotion = await promotionFor(context, name, { call, verb: "approve" });
      const digest = parseDigest(text);
      if (digest === undefined) {
        throw new MooringError(
          "API_INVALID_ARGUMENT",
          "digest: is no digest; write sha256: and 64 hexadecimal digits, as the plan of the promotion has it",
        );
      }
      const request = { ...asked(context, call), digest, comment };
      return written<PromotionShape>(
        context,
        await requests.approvePromotion(placeOf(context, call), promotion, request),
      );
    },
    reject: async ({ reason = "", ...name }, call) =>
      await decide(context, name, {
        call,
        verb: "approve",
        decide: (promotion) => rejectPatch(promotion, { ...asked(context, call), reason }),
      }),
    breakGlass: async ({ reason = "", ...name }, call) =>
      await decide(context, name, {
        call,
        verb: "break-glass",
        decide: (promotion) => breakGlassPatch(promotion, { ...asked(context, call), reason }),
      }),
  };
}

function holdingMethods(context: ApiContext): Pick<Requests, "hold" | "resume" | "refresh"> {
  return {
    hold: async ({ reason = "", ...name }, call) => {
      const pipeline = await stageFor(context, name, { call, verb: "hold" });
      return await annotate(context, pipeline, {
        call,
        decide: (now) => holdPatch(now, name.stage ?? "", { ...asked(context, call), reason }),
      });
    },
    resume: async (name, call) => {
      const pipeline = await stageFor(context, name, { call, verb: "hold" });
      const at = timeOf(context);
      return await annotate(context, pipeline, {
        call,
        decide: (now) => resumePatch(now, name.stage ?? "", at),
      });
    },
    refresh: async (name, call) => {
      const found = await findPipeline(context, name, { ...call, action: "get" });
      const at = timeOf(context);
      return await annotate(context, parsePipeline(found), { call, decide: () => refreshPatch(at) });
    },
  };
}

function asked(context: ApiContext, { caller }: ApiCall) {
  return { person: personOf(caller), at: timeOf(context) };
}

interface StageName {
  readonly pipeline?: string;
  readonly stage?: string;
  readonly namespace?: string;
}

interface Wish<Verb extends string> {
  readonly call: ApiCall;
  readonly verb: Verb;
}

/** The Pipeline, for who may do something to one of its stages. */
async function stageFor(
  context: ApiContext,
  { pipeline: name = "", stage = "", namespace = "" }: StageName,
  { call: { caller, signal }, verb }: Wish<"promote" | "rollback" | "hold">,
): Promise<Pipeline> {
  const access = { caller, action: `${verb}/${stage}`, signal };
  return parsePipeline(await findPipeline(context, { name, namespace }, access));
}

interface PromotionName {
  readonly promotion?: string;
  readonly namespace?: string;
}

async function promotionFor(
  context: ApiContext,
  name: PromotionName,
  { call: { caller, signal }, verb }: Wish<"approve" | "break-glass">,
): Promise<Promotion> {
  return parsePromotion(await findPromotion(context, name, { caller, verb, signal }));
}

interface Deciding extends Wish<"approve" | "break-glass"> {
  readonly decide: (promotion: Promotion) => JsonObject | undefined;
}

async function decide(
  context: ApiContext,
  name: PromotionName,
  { decide: patchOf, ...wish }: Deciding,
): Promise<PromotionShape> {
  const promotion = await promotionFor(context, name, wish);
  return written(context, await requests.decidePromotion(placeOf(context, wish.call), promotion, patchOf));
}

interface Annotating {
  readonly call: ApiCall;
  readonly decide: (pipeline: Pipeline) => JsonObject;
}

async function annotate(
  context: ApiContext,
  pipeline: Pipeline,
  { call, decide: patchOf }: Annotating,
): Promise<PipelineShape> {
  return written(context, await requests.annotatePipeline(placeOf(context, call), pipeline, patchOf));
}
