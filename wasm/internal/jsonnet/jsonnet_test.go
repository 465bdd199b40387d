package jsonnet

import (
	"strings"
	"testing"

	"mooring.dev/render/internal/engine"
	"mooring.dev/render/internal/hosttest"
)

func render(t *testing.T, files map[string]string, more map[string]any) hosttest.Render {
	t.Helper()
	root := t.TempDir()
	if err := hosttest.Files(root, files); err != nil {
		t.Fatal(err)
	}
	request := map[string]any{"render": "jsonnet", "path": "app/main.jsonnet"}
	for key, value := range more {
		request[key] = value
	}
	got, err := hosttest.Ask(engine.Engine{"jsonnet": Render}, request, hosttest.Directory(root, nil))
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestImportsVariablesAndArgumentsAreThoseOfTheRequest(t *testing.T) {
	got := render(t, map[string]string{
		"app/main.jsonnet": "local a = import 'a.libsonnet'; function(n) {a: a, l: importstr 'l.txt', e: std.extVar('e'), n: n}",
		"app/a.libsonnet":  "{x: 1}",
		"one/l.txt":        "one",
		"two/l.txt":        "two",
	}, map[string]any{
		"libs":    []string{"one", "two"},
		"extVars": []any{map[string]any{"name": "e", "value": "text"}},
		"tlas":    []any{map[string]any{"name": "n", "value": "1 + 1", "code": true}},
	})
	want := "{\n   \"a\": {\n      \"x\": 1\n   },\n   \"e\": \"text\",\n   \"l\": \"two\",\n   \"n\": 2\n}\n"
	if got.Body+got.Error != want {
		t.Error(got.Body + got.Error)
	}
}

func TestAnImportFromOutsideIsRefused(t *testing.T) {
	for name, want := range map[string]string{
		"/etc/passwd": "nothing outside of the repository can be imported",
		"../../out":   `couldn't open import "../../out"`,
		"gone":        `couldn't open import "gone"`,
	} {
		got := render(t, map[string]string{"app/main.jsonnet": "import '" + name + "'"}, nil)
		if got.Error == "" || !strings.Contains(got.Error, want) {
			t.Error(got.Error)
		}
	}
}
