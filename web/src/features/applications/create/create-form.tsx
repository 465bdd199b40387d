import { useQuery } from "@tanstack/react-query";
import { Field } from "../../common/field.tsx";
import { Card } from "../../common/page.tsx";
import { Button } from "../../common/button.tsx";
import { useDebounced } from "../../common/use-debounced.ts";
import { sourcesIn, withField, withSources } from "../../application/source/edit-source.ts";
import { SourceFields } from "../../application/source/source-fields.tsx";
import { AccessNote } from "./access-note.tsx";
import { clustersQuery, projectsQuery } from "./create-queries.ts";
import styles from "./create.module.css";
import { DestinationFields } from "./destination-fields.tsx";
import type { Errors, Manifest, Spec } from "./new-manifest.ts";
import { refusedBy } from "./permits.ts";
import { PolicyFields } from "./policy-fields.tsx";

interface CreateFormProps {
  readonly manifest: Manifest;
  readonly errors: Errors;
  /** Fields that are empty are marked only when somebody tried to go on. */
  readonly showsMissing: boolean;
  readonly onChange: (manifest: Manifest) => void;
}

/** What makes an application, in the order in which one thinks of it. */
export function CreateForm({ manifest, errors: all, showsMissing, onChange }: CreateFormProps) {
  const { metadata = {}, spec = {} } = manifest;
  const { data: projects } = useQuery(projectsQuery);
  const { data: clusters } = useQuery(clustersQuery);
  const project = projects?.items?.find((one) => one.metadata?.name === spec.project);
  const refused = refusedBy(project, spec, clusters?.items ?? []);
  const setSpec = (next: Spec): void => onChange({ ...manifest, spec: next });
  const sources = sourcesIn(spec);
  const errors = showsMissing ? all : withoutMissing(all, manifest);
  // What a source is is asked for the name that it will have; a name that is still typed asks nobody.
  const owner = { appName: useDebounced(metadata.name ?? ""), appProject: spec.project ?? "default" };
  return (
    <div className={styles["form"]}>
      <Card title="What it is called">
        <div className={`${styles["fields"]} ${styles["pair"]}`}>
          <Field label="Name" error={errors.name}>
            {(props) => (
              <input
                {...props}
                autoFocus
                autoComplete="off"
                spellCheck={false}
                value={metadata.name ?? ""}
                onChange={(event) =>
                  onChange({ ...manifest, metadata: { ...metadata, name: event.target.value } })
                }
              />
            )}
          </Field>
          <Field
            label="Project"
            hint={project?.spec?.description ?? "It says what is permitted."}
            error={errors.project}
          >
            {(props) => (
              <select
                {...props}
                value={spec.project ?? ""}
                onChange={(event) => setSpec({ ...spec, project: event.target.value })}
              >
                {project === undefined && <option value={spec.project ?? ""}>{spec.project ?? ""}</option>}
                {(projects?.items ?? []).map((one) => (
                  <option key={one.metadata?.name}>{one.metadata?.name}</option>
                ))}
              </select>
            )}
          </Field>
        </div>
      </Card>
      {sources.map((source, i) => (
        <Card
          key={i}
          title={sources.length > 1 ? `Source ${i + 1}` : "Where the files are"}
          actions={
            <SourceKind
              isChart={source.chart !== undefined}
              onChange={(isChart) => {
                const { path = "", chart = "", ...rest } = source;
                const place = isChart ? { chart: path } : { path: chart };
                setSpec(withSources(spec, sources.with(i, { ...rest, ...place })));
              }}
            />
          }
        >
          <SourceFields
            source={source}
            owner={owner}
            note={<AccessNote source={source} refused={i === 0 ? refused.repoURL : undefined} />}
            isOneOfSeveral={sources.length > 1}
            {...(i === 0 ? { errors } : {})}
            onChange={(next) =>
              setSpec(withSources(spec, sources.with(i, source.chart === undefined ? next : withChart(next))))
            }
          />
        </Card>
      ))}
      <DestinationFields
        spec={spec}
        clusters={clusters?.items}
        errors={errors}
        refused={refused.destination}
        onChange={setSpec}
      />
      <PolicyFields manifest={manifest} onChange={onChange} />
    </div>
  );
}

/** A chart whose name is being typed is still a chart when it is empty for a moment. */
function withChart<T extends { readonly chart?: string }>(source: T): T {
  return source.chart === undefined ? { ...source, chart: "" } : source;
}

function withoutMissing(errors: Errors, { metadata, spec }: Manifest): Errors {
  const [source] = sourcesIn(spec ?? {});
  let shown = errors;
  if ((metadata?.name ?? "") === "") shown = withField(shown, "name", undefined);
  if ((source?.repoURL ?? "") === "") shown = withField(shown, "repoURL", undefined);
  if ((source?.path ?? "") === "") shown = withField(shown, "path", undefined);
  if ((source?.targetRevision ?? "") === "") shown = withField(shown, "targetRevision", undefined);
  return shown;
}

function SourceKind({
  isChart,
  onChange,
}: {
  readonly isChart: boolean;
  readonly onChange: (isChart: boolean) => void;
}) {
  return (
    <Button size="small" onClick={() => onChange(!isChart)}>
      {isChart ? "It is a directory" : "It is a chart of a registry"}
    </Button>
  );
}
