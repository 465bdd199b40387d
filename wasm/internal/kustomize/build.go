// Package kustomize builds kustomizations as `kustomize build` does, with the files that the host gives.
package kustomize

import (
	"path"
	"slices"

	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/api/types"
	"sigs.k8s.io/kustomize/kyaml/openapi"

	"mooring.dev/render/internal/helm"
	"mooring.dev/render/internal/host"
)

var kustomizationNames = []string{"kustomization.yaml", "kustomization.yml", "Kustomization"}

func isKustomization(name string) bool { return slices.Contains(kustomizationNames, name) }

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
	Edits        Edits        `json:"edits"`
	BuildOptions BuildOptions `json:"buildOptions"`
	KubeVersion  string       `json:"kubeVersion"`
	APIVersions  []string     `json:"apiVersions"`
}

// Charts renders a chart for a kustomization.
type Charts func(request helm.Request) ([]byte, error)

// Build gives what `kustomize build` prints.
func Build(files *host.Host, request Request, charts Charts) ([]byte, error) {
	t := newTree(files, request.Path)
	if err := request.Edits.apply(t); err != nil {
		return nil, err
	}
	remote := &rewriter{tree: t, request: request, charts: charts}
	if err := remote.rewriteWritten(); err != nil {
		return nil, err
	}
	t.rewrite = remote.rewrite
	before := openapi.GetSchemaVersion()
	defer func() {
		// A schema that a kustomization brings stays in the library's global state and would change the next build.
		if openapi.GetSchemaVersion() != before {
			openapi.ResetOpenAPI()
		}
	}()
	resources, err := krusty.MakeKustomizer(optionsOf(request)).Run(t, path.Join("/", request.Path))
	if err != nil {
		return nil, remote.restore(err)
	}
	text, err := resources.AsYaml()
	if err == nil && int64(len(text)) > files.Limits().MaxOutputBytes {
		err = host.Errorf(host.CodeTooLarge, "the built manifests take more than the limit of %d bytes; split the application", files.Limits().MaxOutputBytes)
	}
	return text, err
}

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
	if request.BuildOptions.EnableAlphaPlugins {
		options.PluginConfig = types.EnabledPluginConfig(types.BploUseStaticallyLinked)
	}
	return options
}
