package kustomize

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"sigs.k8s.io/kustomize/kyaml/kio"
	"sigs.k8s.io/kustomize/kyaml/yaml"
)

func newKept() (*keptNodes, *int, parseNodes) {
	parsed := 0
	parse := func(text []byte) ([]*yaml.RNode, error) {
		parsed++
		return kio.FromBytes(text)
	}
	return &keptNodes{maxBytes: 1 << 20, recent: map[keptKey]*flatNodes{}}, &parsed, parse
}

func show(t *testing.T, nodes []*yaml.RNode) string {
	t.Helper()
	text, err := kio.StringAll(nodes)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

const twoObjects = `# of a file
apiVersion: v1 # old
kind: ConfigMap
metadata: {name: a, labels: {}}
data:
  'quoted': "1"
  block: |
    one
      two
  # between
  list: [1, two, {three: null}]
  empty: []
---
kind: Thing
metadata:
  name: b
`

func TestObjectsThatWereKeptAreThoseOfTheText(t *testing.T) {
	kept, parsed, parse := newKept()
	want, err := kio.FromBytes([]byte(twoObjects))
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		nodes, err := kept.read("a", []byte(twoObjects), parse)
		if err != nil || show(t, nodes) != show(t, want) {
			t.Fatalf("%v\n%s", err, show(t, nodes))
		}
		// What a build does to its objects stays its own.
		for _, node := range nodes {
			node.YNode().Content[1].Value = "changed"
			if err := errors.Join(node.PipeE(yaml.SetAnnotation("x", "y")), node.PipeE(yaml.Clear("kind"))); err != nil {
				t.Fatal(err)
			}
		}
	}
	if *parsed != 1 {
		t.Errorf("parsed %d times", *parsed)
	}
}

func TestObjectsOfOneTenantAreNotThoseOfAnother(t *testing.T) {
	kept, parsed, parse := newKept()
	for _, tenant := range []string{"a", "b", "a", "b"} {
		if _, err := kept.read(tenant, []byte(twoObjects), parse); err != nil {
			t.Fatal(err)
		}
	}
	if *parsed != 2 {
		t.Errorf("parsed %d times", *parsed)
	}
}

func TestWhatMustNotBeKeptIsParsedEachTime(t *testing.T) {
	for name, text := range map[string]string{
		"a Secret":           "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\n",
		"a Secret of many":   twoObjects + "---\nkind: Secret\nmetadata: {name: c}\n",
		"an alias":           "kind: A\nmetadata: {name: a, labels: &l {x: y}, annotations: *l}\n",
		"a merge":            "kind: A\nmetadata: {name: a}\n<<: {x: y}\n",
		"more than the room": "kind: A\nmetadata: {name: a}\nlist: [" + strings.Repeat("x,", 1<<13) + "]\n",
		"nothing":            "",
	} {
		kept, parsed, parse := newKept()
		for range 2 {
			if _, err := kept.read("a", []byte(text), parse); err != nil {
				t.Fatal(err)
			}
		}
		if *parsed != 2 {
			t.Errorf("%s: parsed %d times", name, *parsed)
		}
	}
}

func TestAFailureIsNotKept(t *testing.T) {
	kept, parsed, parse := newKept()
	for range 2 {
		if _, err := kept.read("a", []byte("a: ["), parse); err == nil {
			t.Fatal("it has not failed")
		}
	}
	if *parsed != 2 {
		t.Errorf("parsed %d times", *parsed)
	}
}

func TestWhatIsAskedForAgainStaysAndTheRoomIsBounded(t *testing.T) {
	kept, parsed, parse := newKept()
	for at := range 2000 {
		other := fmt.Sprintf("kind: A\nmetadata: {name: a%d}\n", at)
		for _, text := range []string{twoObjects, other} {
			if _, err := kept.read("a", []byte(text), parse); err != nil {
				t.Fatal(err)
			}
		}
	}
	if *parsed != 2001 {
		t.Errorf("parsed %d times", *parsed)
	}
	if size := len(kept.recent) + len(kept.older); size > (1<<20)/(8*nodeBytes) {
		t.Errorf("%d are kept", size)
	}
}
