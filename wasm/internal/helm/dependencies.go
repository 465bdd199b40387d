package helm

import (
	"path"
	"strings"

	chart "helm.sh/helm/v4/pkg/chart/v2"

	"mooring.dev/render/internal/host"
)

// addDependencies brings the charts that Chart.yaml names and charts/ lacks, in the version that Chart.lock pins when there is one.
func addDependencies(files *host.Host, parent *chart.Chart, dir string) error {
	for _, wanted := range parent.Metadata.Dependencies {
		if has(parent, wanted.Name) {
			continue
		}
		at, err := placeOf(files, parent, wanted, dir)
		if err != nil {
			return err
		}
		found, err := loadChart(files, at)
		if err != nil {
			return host.Errorf(host.CodeInvalid, "%s: dependency %s: %v", shown(dir), wanted.Name, err)
		}
		if err := addDependencies(files, found, at); err != nil {
			return err
		}
		parent.AddDependency(found)
	}
	return nil
}

func has(parent *chart.Chart, name string) bool {
	for _, known := range parent.Dependencies() {
		if known.Name() == name {
			return true
		}
	}
	return false
}

func placeOf(files *host.Host, parent *chart.Chart, wanted *chart.Dependency, dir string) (string, error) {
	if local, ok := strings.CutPrefix(wanted.Repository, "file://"); ok {
		if path.IsAbs(local) {
			return "", host.Errorf(host.CodeInvalid, "%s: dependency %s: repository %s is an absolute path; write it relative to the chart", shown(dir), wanted.Name, wanted.Repository)
		}
		return path.Join(dir, local), nil
	}
	if wanted.Repository == "" {
		return "", host.Errorf(host.CodeInvalid, "%s: dependency %s is missing in charts/ directory and names no repository; add the chart or the repository", shown(dir), wanted.Name)
	}
	if strings.HasPrefix(wanted.Repository, "@") || strings.HasPrefix(wanted.Repository, "alias:") {
		return "", host.Errorf(host.CodeInvalid, "%s: dependency %s: repository %s is a name of somebody's own Helm configuration; write its URL", shown(dir), wanted.Name, wanted.Repository)
	}
	source := host.Source{Kind: "chart", Repository: wanted.Repository, Name: wanted.Name, Version: lockedVersion(parent, wanted)}
	return files.Mount(source)
}

func lockedVersion(parent *chart.Chart, wanted *chart.Dependency) string {
	if parent.Lock == nil {
		return wanted.Version
	}
	for _, locked := range parent.Lock.Dependencies {
		if locked.Name == wanted.Name && locked.Version != "" {
			return locked.Version
		}
	}
	return wanted.Version
}
