package kustomize

import (
	"bytes"
	"math/rand"
	"testing"

	yaml2 "sigs.k8s.io/yaml/goyaml.v2"
)

var (
	testKeys  = []string{"a", "b", "apiVersion", "a1", "a10", "a2", "A", "x-y", "x_y", "x.y/z", "x 1", "k8s.io/a", "0", "01", "n", "true", "a:b", "a: b", "", "/a", "z#", "z #"}
	testTexts = []string{
		"", "a", "web", "registry.example/web:2.1", "1", "007", "1.5", "1e3", "1_000", "0x1f", "12:30", "1:2", "-1", "+1", ".5", ".inf", "~", "yes", "No", "NULL", "null",
		"TRUE", "truex", "on", "a b", "a  b", " a", "a ", "a: b", "a:", "a:b", "a #b", "a#b", "#a", "it's", `say "x"`, `back\slash`, "{a}", "[a]", "a,b", "- a", "-", "--- a", "...",
		"? a", "*a", "&a", "!a", "%a", "@a", "`a", "|", ">", "<<", "=", "ZXhhbXBsZQ==", "100m", "64Mi", "010k", "0m", "1Gi", "m", "5E", "2026-01-01", "2026-01-01T00:00:00Z", "a\nb", "a\nb\n", "a\n\n  b\n#c: d\n", "a\n\n", "\na", " a\nb", "a \nb", "a\nb ", "---\na\n...", "a\n  ", "\n", "$(VAR)", "/bin/sh", "(a)", "_a",
		"words that together are certainly longer than the eighty columns behind which the printer begins to break its lines", "one-word-that-is-certainly-longer-than-the-eighty-columns-behind-which-the-printer-begins-to-break",
	}
)

func randomValue(random *rand.Rand, depth int) any {
	switch kind := random.Intn(8); {
	case kind == 0 && depth > 0:
		value := []any{}
		for range random.Intn(4) {
			value = append(value, randomValue(random, depth-1))
		}
		return value
	case kind < 3 && depth > 0:
		return randomMap(random, depth-1)
	case kind == 3:
		return random.Intn(20000) - 10000
	case kind == 4:
		return []any{nil, true, false}[random.Intn(3)]
	case kind == 5:
		text := make([]byte, random.Intn(100))
		for at := range text {
			text[at] = byte(' ' + random.Intn(95))
		}
		return string(text)
	default:
		return testTexts[random.Intn(len(testTexts))]
	}
}

func randomMap(random *rand.Rand, depth int) map[string]any {
	value := map[string]any{}
	for range random.Intn(5) {
		// Mostly keys that are certain: one that is not leaves all to the library.
		value[testKeys[random.Intn(len(testKeys)-random.Intn(2)*10)]] = randomValue(random, depth)
	}
	return value
}

func TestPlainValuesAreWrittenAsTheLibraryWritesThem(t *testing.T) {
	random := rand.New(rand.NewSource(1))
	certain := 0
	for range 30000 {
		value := randomMap(random, 4)
		ours, ok := appendPlain(nil, value)
		if !ok {
			continue
		}
		certain++
		theirs, err := yaml2.Marshal(value)
		if err != nil || !bytes.Equal(ours, theirs) {
			t.Fatalf("%#v\nours:\n%s\ntheirs:\n%s %v", value, ours, theirs, err)
		}
	}
	if certain < 5000 {
		t.Errorf("only %d were certain", certain)
	}
}
