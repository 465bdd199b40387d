package jq

import (
	"fmt"
	"strings"
	"testing"
)

const limit = 1 << 20

func TestValuesComeInTheOrderOfTheProgram(t *testing.T) {
	for program, want := range map[string]string{
		".a, .b":               `[1,"x"]`,
		"empty":                `[]`,
		"del(.a)":              `[{"b":"x"}]`,
		"$ENV, env":            `[{},{}]`,
		"1, halt, 2":           `[1]`,
		"now | type":           `["number"]`,
		"0 | localtime | .[0]": `[1970]`,
	} {
		got, err := Run(program, []byte(`{"a":1,"b":"x"}`), limit)
		if err != nil || string(got) != want {
			t.Errorf("%s gives %s, %v; want %s", program, got, err, want)
		}
	}
}

func TestNumbersAreKeptAsTheyAreWritten(t *testing.T) {
	input := `[9223372036854775807,-9223372036854775808,123456789012345678901234567890,9007199254740993,1.5,0.1]`
	got, err := Run(".", []byte(input), limit)
	if err != nil || string(got) != "["+input+"]" {
		t.Error(string(got), err)
	}
	got, err = Run(".[0] + 1", []byte(input), limit)
	if err != nil || string(got) != "[9223372036854775808]" {
		t.Error(string(got), err)
	}
}

func TestNothingOutsideOfTheInputIsReached(t *testing.T) {
	for program, want := range map[string]string{
		"input":                    "input(s)/0 is not allowed",
		"inputs":                   "input(s)/0 is not allowed",
		`import "a" as a; a::b`:    "cannot load module: \"a\"",
		`include "a"; b`:           "cannot load module: \"a\"",
		`"a" | modulemeta`:         "cannot load module",
		"get_search_list":          "",
		"input_filename":           "function not defined",
		"input_line_number | type": "",
	} {
		_, err := Run(program, []byte("null"), limit)
		if err == nil && want != "" || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", program, err)
		}
	}
}

func TestMessagesDoNotQuoteTheInput(t *testing.T) {
	input := `{"a":"hunter2","b":["hunter2"],"c":{"hunter2":"hunter2"},"n":12345}`
	for _, program := range []string{
		".a.b", ".a[]", ".b.x", ".c[0]", ".n[0]", ".a + 1", ".a - .b", ".a | error", "error(.c)", ".c | error", ".a | halt_error",
		".a | tonumber", ".a | fromjson", ".a | test(.)", ".a | strptime(\"%Y\")", "{(.b): 1}", ".a | ltrimstr(1) | .x", "[.b[0], .c] | implode",
		".a | @base64d", ".a / 2", ".a % 2", ".b | join(.c)", ".c | has(.b)", "path(.a | . + \"\")", ".b[.a]", ".a | splits(.b)", ".a | @json \"\\(error)\"",
		".a as [$x] | $x | .y", "try error(.a) catch error(.)", ".n | ascii_downcase", ".c | tojson | error", "[.a] | @csv | .x", "[.c] | @csv", ".n | error",
		"limit(-1; .a)", "{a: .a} | .[\"a\"] | keys", "getpath([\"a\",\"b\"])", "setpath([.b]; 1)", ".a | input", "label $f | break $f, (.a | .x)", "ltrimstr(.a) | .[.a:.b]",
	} {
		_, err := Run(program, []byte(input), limit)
		if err != nil && (strings.Contains(err.Error(), "hunt") || strings.Contains(err.Error(), "12345") || strings.Contains(err.Error(), "aHVud")) {
			t.Errorf("%s: %v", program, err)
		}
	}
	_, err := Run(".a.b", []byte(input), limit)
	if fmt.Sprint(err) != "expected an object but got: string" {
		t.Error(err)
	}
}

func TestAWrongProgramIsExplained(t *testing.T) {
	for program, want := range map[string]string{
		".a |":      "unexpected EOF at character 4",
		"nothing(1": "unexpected EOF at character 9",
		"a::b":      "function not defined: a::b/0",
		"$x":        "variable not defined: $x",
	} {
		_, err := Run(program, []byte("null"), limit)
		if fmt.Sprint(err) != want {
			t.Errorf("%s: %v, want %s", program, err, want)
		}
	}
}

func TestWhatARunGivesIsBounded(t *testing.T) {
	for program, want := range map[string]string{
		"range(1e12)":                       "it gives more than 1000 values",
		"[range(100000)]":                   "it gives more than 50000 bytes",
		`"x" * 60000`:                       "it gives more than 50000 bytes",
		"reduce range(60) as $i (1; [.,.])": "it gives more than 50000 bytes",
		"reduce range(300) as $i (1; [.])":  "it gives a value that is nested more than 200 levels deep",
		"range(30) | [range(1000)]":         "it gives more than 50000 bytes",
		"[limit(3; repeat(1))]":             "",
	} {
		_, err := Run(program, []byte("null"), 50000)
		if want == "" && err != nil || want != "" && fmt.Sprint(err) != want {
			t.Errorf("%s: %v, want %s", program, err, want)
		}
	}
}
