import { Field } from "../../common/field.tsx";
import type { Source } from "./edit-source.ts";
import { imageOverride, setImage, setKustomize } from "./edit-source.ts";
import styles from "./source.module.css";

interface KustomizeFieldsProps {
  readonly source: Source;
  /** That it renders with. */
  readonly images: readonly string[];
  readonly onChange: (source: Source) => void;
}

const texts = [
  ["namePrefix", "Name prefix", "Put before the name of every object."],
  ["nameSuffix", "Name suffix", "Put behind the name of every object."],
  ["namespace", "Namespace", "Of every object, in place of what the files say."],
] as const;

/** What can be set in a kustomization. */
export function KustomizeFields({ source, images, onChange }: KustomizeFieldsProps) {
  const { kustomize = {} } = source;
  return (
    <section className={styles["section"]} aria-label="Kustomize">
      <h3>Kustomize</h3>
      <div className={styles["pair"]}>
        {texts.map(([field, label, hint]) => (
          <Field key={field} label={label} hint={hint}>
            {(props) => (
              <input
                {...props}
                spellCheck={false}
                value={kustomize[field] ?? ""}
                onChange={(event) => onChange(setKustomize(source, field, event.target.value))}
              />
            )}
          </Field>
        ))}
      </div>
      {images.length > 0 && (
        <div className={styles["parameters"]}>
          <h3>Images</h3>
          <p className="muted">Another tag, or another image, in place of what the files say.</p>
          {images.map((image) => {
            const own = imageOverride(source, image);
            return (
              <div key={image} className={styles["parameter"]}>
                <label htmlFor={`image-${image}`} data-own={own === undefined ? undefined : true}>
                  {image}
                </label>
                <input
                  id={`image-${image}`}
                  className={styles["input"]}
                  spellCheck={false}
                  placeholder={image}
                  value={own ?? ""}
                  onChange={(event) => onChange(setImage(source, image, event.target.value))}
                />
              </div>
            );
          })}
        </div>
      )}
    </section>
  );
}
