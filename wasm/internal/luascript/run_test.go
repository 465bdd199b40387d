package luascript

import (
	"fmt"
	"strings"
	"testing"
)

const limit = 1 << 20

func runText(t *testing.T, text, globals string, opens bool) string {
	t.Helper()
	out, err := Run(Script{Text: text, OpensLibraries: opens}, []byte(globals), limit)
	if err != nil {
		return "error: " + err.Error()
	}
	return string(out)
}

func TestObjectsAreTablesAndTablesAreObjects(t *testing.T) {
	globals := `{"obj":{"list":["a",{"b":null}],"n":3,"big":9007199254740991,"f":1.5,"yes":true,"none":null,"empty":{},"emptyList":[]}}`
	for text, want := range map[string]string{
		"return obj.list[1], #obj.list, obj.list[0]": `["a",2,null]`,
		"return obj.none == nil, obj.yes, obj.f":     `[true,true,1.5]`,
		"return obj.big":                             `[9007199254740991]`,
		"return 1700000000000":                       `[1700000000000]`,
		"return obj":                                 `[{"big":9007199254740991,"empty":[],"emptyList":[],"f":1.5,"list":["a",[]],"n":3,"yes":true}]`,
		"return {1,2,3}, {a={1}}, {}":                `[[1,2,3],{"a":[1]},[]]`,
		"":                                           `[]`,
		"hs = {} hs.status = 'Healthy' return hs":    `[{"status":"Healthy"}]`,
		"obj.spec = {replicas=2} return obj.spec":    `[{"replicas":2}]`,
		"return '\"<'":                               `["\"\u003c"]`,
		"local t = {} return {t, t}":                 `[[[],[]]]`,
	} {
		if got := runText(t, text, globals, false); got != want {
			t.Errorf("%s gives %s, want %s", text, got, want)
		}
	}
}

func TestWhatJSONHasNotIsAnError(t *testing.T) {
	for text, want := range map[string]string{
		"return print":                  "it returns a function, which JSON has not",
		"return {1, nil, 3}":            "it returns a table whose keys are neither 1 to n nor all strings",
		"return {1, a=2}":               "it returns a table whose keys are neither 1 to n nor all strings",
		"return {a=2, [1]=1}":           "it returns a table whose keys are neither 1 to n nor all strings",
		"return {[true]=1}":             "it returns a table with a key that is a boolean; keys must be 1 to n, or strings",
		"local t = {} t.t = t return t": "it returns a table that holds itself",
		"return 0/0":                    "it returns a number that JSON has not: NaN",
		"local t = 1 for i=1,300 do t={t} end return t":  "it gives a value that is nested more than 200 levels deep",
		"local t = 1 for i=1,60 do t={t,t} end return t": "it gives more than 1048576 bytes",
	} {
		if got := runText(t, text, "{}", false); got != "error: "+want {
			t.Errorf("%s gives %s, want %s", text, got, want)
		}
	}
}

func TestOnlyHarmlessLibrariesAreOpen(t *testing.T) {
	names := "io dofile loadfile _printregs string math coroutine debug channel"
	for _, name := range strings.Fields(names) {
		if got := runText(t, "return "+name, "{}", false); got != "[null]" {
			t.Errorf("%s is %s", name, got)
		}
	}
	for _, name := range strings.Fields("io dofile loadfile os.execute os.exit os.getenv os.setenv os.remove os.rename os.tmpname os.setlocale") {
		if got := runText(t, "return "+name, "{}", true); got != "[null]" {
			t.Errorf("with open libraries %s is %s", name, got)
		}
	}
	for text, want := range map[string]string{
		"return ('a'):upper(), math.max(1,2), string.format('%d', 3)": `["A",2,"3"]`,
		"return os.date('!%Y-%m-%d', 0), os.clock()":                  `["1970-01-01",0]`,
		"return require('os') == os, type(os.time())":                 `[true,"number"]`,
		"return pcall(require, 'socket')":                             "",
		"print('hello') return collectgarbage('count')":               `[0]`,
		"return table.concat({1,2}, ',')":                             `["1,2"]`,
		"return loadstring('return 7')()":                             `[7]`,
		"return debug.getmetatable(1)":                                `[null]`,
	} {
		got := runText(t, text, "{}", true)
		if want != "" && got != want || want == "" && !strings.HasPrefix(got, "[false") {
			t.Errorf("%s gives %s, want %s", text, got, want)
		}
	}
}

func TestARunDoesNotSeeTheGlobalsOfAnother(t *testing.T) {
	if got := runText(t, "seen = obj.name table.insert = nil return seen", `{"obj":{"name":"first"}}`, false); got != `["first"]` {
		t.Error(got)
	}
	if got := runText(t, "return seen, obj.name, type(table.insert)", `{"obj":{"name":"second"}}`, false); got != `[null,"second","function"]` {
		t.Error(got)
	}
}

func TestMessagesNameTheLineAndNotTheInput(t *testing.T) {
	globals := `{"obj":{"password":"hunter2","list":["hunter2secret"]}}`
	for text, want := range map[string]string{
		"local a = 1\nreturn obj.status.phase":      "script:2: attempt to index a non-table object(nil) with key 'phase'",
		"error('no ' .. obj.password)":              "script:1: no …",
		"error(obj.list[1])":                        "script:1: …",
		"error({a = obj.password})":                 "the script raised an error that is a table, not a text",
		"return obj.status[obj.password].x":         "script:1: attempt to index a non-table object(nil) with key '…'",
		"return 1 +":                                "script at EOF:   syntax error",
		"return obj.password + 1":                   "script:1: cannot perform add operation between string and number",
		"local function f() return f() + 1 end f()": "",
	} {
		got := runText(t, text, globals, false)
		if want != "" && got != "error: "+want || strings.Contains(got, "hunter2") || strings.Contains(got, "\n") {
			t.Errorf("%s gives %q, want %q", text, got, want)
		}
	}
}

func TestRecursionEnds(t *testing.T) {
	for _, text := range []string{
		"local function f() return f() + 1 end return f()",
		"local function f() return pcall(f) end return f()",
		"t = setmetatable({}, {__index = function(t, k) return t[k] end}) return t.x",
		"return unpack({}, 1, 1e7)",
	} {
		out, err := Run(Script{Text: text, OpensLibraries: true}, []byte("{}"), limit)
		if err != nil && strings.Contains(fmt.Sprint(err), "\n") {
			t.Error(text, string(out), err)
		}
	}
}
