package manifests

import (
	"maps"
	"strings"
	"testing"

	"mooring.dev/render/internal/engine"
	"mooring.dev/render/internal/hosttest"
)

// world is a tree with what can be mounted into it.
type world struct {
	files  map[string]string
	mounts map[string]string
}

func (w world) render(t *testing.T, request map[string]any) hosttest.Render {
	t.Helper()
	engine.Silence()
	root := t.TempDir()
	if err := hosttest.Files(root, w.files); err != nil {
		t.Fatal(err)
	}
	render, err := hosttest.Ask(Engine(AllFunctions), request, hosttest.Directory(root, w.mounts))
	if err != nil {
		t.Fatal(err)
	}
	return render
}

func (w world) helm(t *testing.T, more map[string]any) hosttest.Render {
	t.Helper()
	request := map[string]any{"render": "helm", "path": "chart", "releaseName": "demo", "namespace": "apps"}
	maps.Copy(request, more)
	return w.render(t, request)
}

func (w world) kustomize(t *testing.T, more map[string]any) hosttest.Render {
	t.Helper()
	request := map[string]any{"render": "kustomize", "path": "app"}
	maps.Copy(request, more)
	return w.render(t, request)
}

func equal(t *testing.T, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

func contains(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("%q is not in:\n%s", part, text)
		}
	}
}
