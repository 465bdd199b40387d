package helm

import (
	"path"
	"strings"

	"github.com/Masterminds/semver/v3"
	chart "helm.sh/helm/v4/pkg/chart/v2"

	"mooring.dev/render/internal/host"
)

// addDependencies brings the charts that Chart.yaml names and charts/ lacks, as `helm dependency build` would: in the versions that
// Chart.lock pins when there is one. Charts below a dependency are its own affair: they come with it, or not at all.
func addDependencies(files *host.Host, parent *chart.Chart, dir string) error {
	missing := missingDependencies(parent)
	if len(missing) == 0 {
		return nil
	}
	if err := checkLock(parent); err != nil {
		return err
	}
	type key struct{ name, repository, version string }
	added := map[key]bool{}
	for _, wanted := range missing {
		pinned := pinnedBy(parent.Lock, wanted)
		this := key{pinned.Name, pinned.Repository, pinned.Version}
		if added[this] {
			continue
		}
		added[this] = true
		found, err := loadDependency(files, pinned, dir)
		if err != nil {
			return err
		}
		parent.AddDependency(found)
	}
	sortDependencies(parent)
	return nil
}

func missingDependencies(parent *chart.Chart) []*chart.Dependency {
	present := map[string]bool{}
	for _, dependency := range parent.Dependencies() {
		present[dependency.Name()] = true
	}
	var missing []*chart.Dependency
	for _, wanted := range parent.Metadata.Dependencies {
		if wanted != nil && !present[wanted.Name] {
			missing = append(missing, wanted)
		}
	}
	return missing
}

// pinnedBy gives the locked dependency, or the wanted one as it is. The same chart may be locked twice under the ranges of two aliases.
func pinnedBy(lock *chart.Lock, wanted *chart.Dependency) *chart.Dependency {
	if lock == nil {
		return wanted
	}
	for _, locked := range lock.Dependencies {
		if locked.Name == wanted.Name && locked.Repository == wanted.Repository && satisfies(locked.Version, wanted.Version) {
			return locked
		}
	}
	return wanted
}

func satisfies(version, wanted string) bool {
	constraint, err := semver.NewConstraint(wanted)
	if err != nil {
		return version == wanted
	}
	parsed, err := semver.NewVersion(version)
	return err == nil && constraint.Check(parsed)
}

func loadDependency(files *host.Host, wanted *chart.Dependency, dir string) (*chart.Chart, error) {
	refuse := func(format string, args ...any) error {
		return host.Errorf(host.CodeInvalid, "%s: dependency %s: "+format, append([]any{shown(dir), wanted.Name}, args...)...)
	}
	if strings.HasPrefix(wanted.Repository, "file://") {
		return loadLocal(files, wanted, dir, refuse)
	}
	switch {
	case wanted.Repository == "":
		return nil, refuse("found in Chart.yaml, but missing in charts/ directory, and it names no repository; add the chart or the repository")
	case strings.HasPrefix(wanted.Repository, "@"), strings.HasPrefix(wanted.Repository, "alias:"):
		return nil, refuse("repository %s is a name of somebody's own Helm configuration; write its URL", wanted.Repository)
	}
	at, _, err := files.Mount(host.Source{Kind: "chart", Repository: wanted.Repository, Name: wanted.Name, Version: wanted.Version})
	if err != nil {
		return nil, err
	}
	found, err := loadChart(files, at)
	if err != nil {
		return nil, refuse("%v", err)
	}
	return found, nil
}

func loadLocal(files *host.Host, wanted *chart.Dependency, dir string, refuse func(string, ...any) error) (*chart.Chart, error) {
	at := path.Join(dir, strings.TrimPrefix(wanted.Repository, "file://"))
	isOutside := at == ".." || strings.HasPrefix(at, "../") || host.MountOf(at) != host.MountOf(dir)
	if isOutside || strings.HasPrefix(wanted.Repository, "file:///") {
		return nil, refuse("repository %s lies outside of the repository; write it relative to the chart", wanted.Repository)
	}
	found, err := loadChart(files, at)
	if err != nil {
		return nil, refuse("repository %s: %v", wanted.Repository, err)
	}
	if !satisfies(found.Metadata.Version, wanted.Version) {
		return nil, refuse("repository %s has version %s, which does not satisfy %s", wanted.Repository, found.Metadata.Version, wanted.Version)
	}
	return found, nil
}
