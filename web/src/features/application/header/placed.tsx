import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Pipeline, Stage } from "../../pipelines/pipeline.ts";
import { stageWith } from "../../pipelines/pipeline.ts";
import { pipelinesQuery } from "../../pipelines/queries.ts";
import type { Application } from "../application-query.ts";

interface Place {
  readonly pipeline: Pipeline;
  readonly stage: Stage;
}

/** The stage that an application is in; undefined for most, and while it is not known. Asked anew where what it does is shown. */
export function usePlace({ metadata }: Application, everyMs?: number): Place | undefined {
  const { namespace = "", name = "" } = metadata ?? {};
  const often = everyMs === undefined ? { staleTime: 30_000 } : { refetchInterval: everyMs };
  const { data: pipelines = [] } = useQuery({ ...pipelinesQuery, ...often, retry: false });
  for (const pipeline of pipelines) {
    const stage = stageWith(pipeline, { namespace, name });
    if (stage !== undefined) return { pipeline, stage };
  }
  return undefined;
}

interface PlacedProps {
  readonly app: Application;
  readonly children: (link: ReactNode) => ReactNode;
}

/** Leads to the pipeline whose stage an application is in. */
export function Placed({ app, children }: PlacedProps) {
  const place = usePlace(app);
  if (place === undefined) return null;
  const { namespace, name } = place.pipeline;
  return children(
    <Link to="/pipelines/$namespace/$name" params={{ namespace, name }} search={{ stage: place.stage.name }}>
      {place.stage.name} of {name}
    </Link>,
  );
}
