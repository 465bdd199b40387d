/** Tells whether one of the changed files is, or is below, one of some paths; the empty path is the repository's root. */
export function pathFinder(changed: readonly string[]): (paths: readonly string[]) => boolean {
  const touched = new Set<string>();
  for (const file of changed) {
    let path = file;
    // Of a directory that is known all that it is in is known, too.
    while (path !== "" && !touched.has(path)) {
      touched.add(path);
      path = path.slice(0, Math.max(0, path.lastIndexOf("/")));
    }
  }
  if (changed.length > 0) touched.add("");
  return (paths) => paths.some((path) => touched.has(path));
}
