// Package kustomize builds kustomizations as `kustomize build` does, with the files that the host gives.
package kustomize

import (
	"net/http"
	"path"

	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/api/resmap"
	"sigs.k8s.io/kustomize/api/types"
	"sigs.k8s.io/kustomize/kyaml/openapi"

	"mooring.dev/render/internal/helm"
	"mooring.dev/render/internal/host"
	"mooring.dev/render/outside"
)

// BuildOptions are flags of `kustomize build`.
type BuildOptions struct {
	EnableHelm         bool   `json:"enableHelm"`
	EnableAlphaPlugins bool   `json:"enableAlphaPlugins"`
	LoadRestrictor     string `json:"loadRestrictor"`
	Reorder            string `json:"reorder"`
}

// Request says what to build and how.
type Request struct {
	Path         string       `json:"path"`
	Clock        int64        `json:"clock"`
	Tenant       string       `json:"tenant"`
	Edits        Edits        `json:"edits"`
	BuildOptions BuildOptions `json:"buildOptions"`
	KubeVersion  string       `json:"kubeVersion"`
	APIVersions  []string     `json:"apiVersions"`
}

// Charts renders a chart for a kustomization.
type Charts func(request helm.Request) ([]byte, error)

// Build gives what `kustomize build` prints.
func Build(files *host.Host, request Request, charts Charts) ([]byte, []host.Document, error) {
	t := newTree(files, request.Path)
	defer outside.Enter(&world{tree: t, request: request, charts: charts})()
	// The loader of the library offers no other way in.
	before := http.DefaultTransport
	http.DefaultTransport = remoteFiles{files}
	defer func() { http.DefaultTransport = before }()

	resources, err := build(t, request)
	if err != nil {
		return nil, nil, explain(files, err)
	}
	return print(files, resources)
}

func build(t *tree, request Request) (_ resmap.ResMap, err error) {
	// The library panics over a schema that it cannot use, long after it has made it everybody's.
	defer func() {
		if openapi.GetSchemaVersion() == builtinSchema {
			return
		}
		openapi.ResetOpenAPI()
		if failed := recover(); failed != nil {
			err = host.Errorf(host.CodeInvalid, "openapi: the schema cannot be used: %v; correct the file that openapi.path names", failed)
		}
	}()
	if err := request.Edits.apply(t); err != nil {
		return nil, err
	}
	run := func() (resmap.ResMap, error) {
		return krusty.MakeKustomizer(optionsOf(request)).Run(t, path.Join("/", request.Path))
	}
	resources, err := run()
	if openapi.GetSchemaVersion() == builtinSchema {
		return resources, err
	}
	// A kustomization brought a schema. The library keeps schemas in global state: those that it had already joined this one, so that the
	// build is done again without them, and this one would change the next build.
	openapi.ResetOpenAPI()
	return run()
}

var builtinSchema = openapi.GetSchemaVersion()

func optionsOf(request Request) *krusty.Options {
	options := krusty.MakeDefaultOptions()
	options.Reorder = krusty.ReorderOptionUnspecified
	switch request.BuildOptions.Reorder {
	case "legacy":
		options.Reorder = krusty.ReorderOptionLegacy
	case "none":
		options.Reorder = krusty.ReorderOptionNone
	}
	if request.BuildOptions.LoadRestrictor == "none" {
		options.LoadRestrictions = types.LoadRestrictionsNone
	}
	// Alpha plugins are programs and containers, which are never run: what is left of that flag is Helm.
	options.PluginConfig = types.DisabledPluginConfig()
	options.PluginConfig.HelmConfig = types.HelmConfig{
		Enabled:     request.BuildOptions.EnableHelm || request.BuildOptions.EnableAlphaPlugins,
		Command:     "helm",
		KubeVersion: request.KubeVersion,
		ApiVersions: request.APIVersions,
	}
	return options
}
