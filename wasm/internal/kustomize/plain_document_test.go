package kustomize

import (
	"encoding/json"
	"math/rand"
	"testing"

	"sigs.k8s.io/kustomize/kyaml/yaml"
)

// FromMap makes nodes of plain values without writing and reading them.
func TestNodesOfAMapAreThoseOfItsText(t *testing.T) {
	random := rand.New(rand.NewSource(2))
	for range 10000 {
		value := overJSON(t, randomMap(random, 4))
		if len(value) == 0 {
			continue
		}
		written, err := yaml.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		want, err := yaml.Parse(string(written))
		if err != nil {
			t.Fatal(err)
		}
		got, err := yaml.FromMap(value)
		if err != nil {
			t.Fatal(err)
		}
		if !isSame(got.Document(), want.Document()) {
			t.Fatalf("%#v\ngot:\n%s\nwant:\n%s", value, got.MustString(), want.MustString())
		}
	}
}

// The JSON of an object is what reading its text gives.
func TestTheJSONOfAnObjectIsThatOfItsText(t *testing.T) {
	random := rand.New(rand.NewSource(3))
	for range 10000 {
		node, err := yaml.FromMap(overJSON(t, randomMap(random, 4)))
		if err != nil {
			t.Fatal(err)
		}
		got, err := node.MarshalJSON()
		if err != nil {
			t.Fatal(err)
		}
		read := map[string]any{}
		if err := yaml.Unmarshal([]byte(node.MustString()), &read); err != nil {
			t.Fatal(err)
		}
		want, err := json.Marshal(read)
		if err != nil || string(got) != string(want) {
			t.Fatalf("got %s\nwant %s %v", got, want, err)
		}
	}
}

func overJSON(t *testing.T, value map[string]any) map[string]any {
	t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	read := map[string]any{}
	if err := json.Unmarshal(text, &read); err != nil {
		t.Fatal(err)
	}
	return read
}

// isSame compares all but the places in the text.
func isSame(a, b *yaml.Node) bool {
	if a.Kind != b.Kind || a.Tag != b.Tag || a.Value != b.Value || a.Style != b.Style || len(a.Content) != len(b.Content) {
		return false
	}
	for at := range a.Content {
		if !isSame(a.Content[at], b.Content[at]) {
			return false
		}
	}
	return a.Anchor == b.Anchor && a.HeadComment == b.HeadComment && a.LineComment == b.LineComment && a.FootComment == b.FootComment
}
