package kustomize

import (
	"encoding/json"
	"maps"
	"path"

	"sigs.k8s.io/kustomize/api/types"
	"sigs.k8s.io/yaml"

	"mooring.dev/render/internal/helm"
	"mooring.dev/render/internal/host"
)

// inflate renders the charts of a kustomization and lists them as resources, after those that are there.
func (r *rewriter) inflate(dir, name string, content map[string]any) (bool, error) {
	listed, ok := content["helmCharts"].([]any)
	if !ok || len(listed) == 0 {
		return false, nil
	}
	where := path.Join(dir, name)
	if !r.request.BuildOptions.EnableHelm && !r.request.BuildOptions.EnableAlphaPlugins {
		return false, host.Errorf(host.CodeInvalid, "%s: helmCharts: must specify --enable-helm; add it to kustomize.buildOptions in argocd-cm", where)
	}
	var parsed types.Kustomization
	if err := convert(map[string]any{"helmCharts": listed, "helmGlobals": content["helmGlobals"]}, &parsed); err != nil {
		return false, host.Errorf(host.CodeInvalid, "%s: helmCharts: %v", where, err)
	}
	home := "charts"
	if parsed.HelmGlobals != nil && parsed.HelmGlobals.ChartHome != "" {
		home = parsed.HelmGlobals.ChartHome
	}
	resources, _ := content["resources"].([]any)
	for _, chart := range parsed.HelmCharts {
		request, err := r.chartRequest(path.Join(dir, home), dir, chart)
		if err != nil {
			return false, err
		}
		text, err := r.charts(request)
		if err != nil {
			return false, host.Errorf(host.CodeInvalid, "%s: helmCharts: %s: %v", where, chart.Name, err)
		}
		alias := r.alias(dir, chart.Name+".yaml")
		if err := r.tree.WriteFile(path.Join("/", dir, alias), text); err != nil {
			return false, err
		}
		resources = append(resources, alias)
		r.shown = append(r.shown, path.Join("/", dir, alias), "chart "+chart.Name, alias, "chart "+chart.Name)
	}
	content["resources"] = resources
	delete(content, "helmCharts")
	delete(content, "helmGlobals")
	return true, nil
}

func convert(from, into any) error {
	text, err := json.Marshal(from)
	if err != nil {
		return err
	}
	return json.Unmarshal(text, into)
}

func (r *rewriter) chartRequest(home, dir string, chart types.HelmChart) (helm.Request, error) {
	var none helm.Request
	if chart.NameTemplate != "" {
		return none, host.Errorf(host.CodeUnsupported, "chart %s: nameTemplate is not supported; set releaseName", chart.Name)
	}
	place, err := r.chartPlace(home, chart)
	if err != nil {
		return none, err
	}
	values, err := r.chartValues(dir, place, chart)
	if err != nil {
		return none, err
	}
	release := chart.ReleaseName
	if release == "" {
		release = "release-name"
	}
	request := helm.Request{
		Path:        place,
		ReleaseName: release,
		Namespace:   chart.Namespace,
		KubeVersion: chart.KubeVersion,
		APIVersions: append(append([]string{}, chart.ApiVersions...), r.request.APIVersions...),
		Values:      values,
		IncludeCRDs: chart.IncludeCRDs,
		SkipTests:   chart.SkipTests,
		SkipHooks:   chart.SkipHooks,
	}
	if request.Namespace == "" {
		request.Namespace = "default"
	}
	if request.KubeVersion == "" {
		request.KubeVersion = r.request.KubeVersion
	}
	return request, nil
}

func (r *rewriter) chartPlace(home string, chart types.HelmChart) (string, error) {
	place := path.Join(home, chart.Name)
	if r.tree.IsDir("/" + place) {
		return place, nil
	}
	if versioned := path.Join(home, chart.Name+"-"+chart.Version, chart.Name); chart.Version != "" && r.tree.IsDir("/"+versioned) {
		return versioned, nil
	}
	if chart.Repo == "" {
		return "", host.Errorf(host.CodeInvalid, "chart %s: is not in %s and names no repo; add the chart or set repo", chart.Name, home)
	}
	return r.tree.files.Mount(host.Source{Kind: "chart", Repository: chart.Repo, Name: chart.Name, Version: chart.Version})
}

// chartValues gives the values in Kustomize's order: the values file, or the chart's own, merged with valuesInline as valuesMerge says,
// then the additional files.
func (r *rewriter) chartValues(dir, place string, chart types.HelmChart) ([]helm.Values, error) {
	var values []helm.Values
	base := path.Join(place, "values.yaml")
	if chart.ValuesFile != "" {
		base = path.Join(dir, chart.ValuesFile)
	}
	switch {
	case len(chart.ValuesInline) == 0:
		values = append(values, helm.Values{Path: &base})
	case chart.ValuesMerge == "" || chart.ValuesMerge == "override":
		text, err := yaml.Marshal(chart.ValuesInline)
		if err != nil {
			return nil, err
		}
		values = append(values, helm.Values{Path: &base}, helm.Values{Text: string(text)})
	default:
		merged, err := r.mergeInline(base, chart)
		if err != nil {
			return nil, err
		}
		values = append(values, merged)
	}
	for _, file := range chart.AdditionalValuesFiles {
		additional := path.Join(dir, file)
		values = append(values, helm.Values{Path: &additional})
	}
	return values, nil
}

func (r *rewriter) mergeInline(base string, chart types.HelmChart) (helm.Values, error) {
	inline := chart.ValuesInline
	if chart.ValuesMerge == "merge" {
		text, err := r.tree.ReadFile("/" + base)
		if err != nil {
			return helm.Values{}, err
		}
		known := map[string]any{}
		if err := yaml.Unmarshal(text, &known); err != nil {
			return helm.Values{}, host.Errorf(host.CodeInvalid, "%s: %v", base, err)
		}
		inline = fill(inline, known)
	}
	text, err := yaml.Marshal(inline)
	return helm.Values{Text: string(text)}, err
}

// fill adds to the inline values what they lack.
func fill(inline, known map[string]any) map[string]any {
	out := maps.Clone(known)
	for key, value := range inline {
		deep, ok := value.(map[string]any)
		under, also := known[key].(map[string]any)
		if ok && also {
			out[key] = fill(deep, under)
			continue
		}
		out[key] = value
	}
	return out
}
