// Package luascript runs Lua scripts as Argo CD does: with gopher-lua, few libraries, and objects as tables.
package luascript

import (
	"errors"
	"strings"

	lua "github.com/yuin/gopher-lua"
	"github.com/yuin/gopher-lua/parse"

	"mooring.dev/render/internal/host"
	"mooring.dev/render/internal/message"
	"mooring.dev/render/internal/programs"
)

// chunk is what messages call the script: script:3: …
const chunk = "script"

type request struct {
	Script         string `json:"script"`
	OpensLibraries bool   `json:"opensLibraries"`
}

var compiled programs.Cache[*lua.FunctionProto]

// Render answers a request of kind lua: the body is an object of globals, the reply's body a JSON array of what the script returns.
func Render(asked []byte, files *host.Host) (body []byte, _ []host.Document, err error) {
	var wanted request
	globals, err := message.Decode(asked, &wanted)
	if err != nil {
		return nil, nil, err
	}
	body, err = Run(Script{Text: wanted.Script, OpensLibraries: wanted.OpensLibraries}, globals, files.Limits().MaxOutputBytes)
	return body, nil, err
}

// Script is a text and whether it has more than the usual libraries.
type Script struct {
	Text           string
	OpensLibraries bool
}

// Run gives what a script returns for one set of globals, as a JSON array.
func Run(script Script, globals []byte, maxBytes int64) (out []byte, err error) {
	defer func() {
		if recover() != nil {
			out, err = nil, errors.New("the script cannot be run: gopher-lua ends in a bug of its own")
		}
	}()
	proto, err := compiled.Get(script.Text, compile)
	if err != nil {
		return nil, err
	}
	input, err := programs.Decode(globals)
	if err != nil {
		return nil, err
	}
	named, ok := input.(map[string]any)
	if !ok {
		return nil, errors.New("the globals are not an object")
	}
	state := newState(script.OpensLibraries)
	defer state.Close()
	for _, name := range sortedKeys(named) {
		state.SetGlobal(name, toLua(state, named[name]))
	}
	state.Push(state.NewFunctionFromProto(proto))
	if err := state.PCall(0, lua.MultRet, nil); err != nil {
		return nil, explain(err, input)
	}
	return writeAll(state, maxBytes)
}

func compile(text string) (*lua.FunctionProto, error) {
	statements, err := parse.Parse(strings.NewReader(text), chunk)
	if err != nil {
		return nil, errors.New(strings.TrimSpace(err.Error()))
	}
	return lua.Compile(statements, chunk)
}

func writeAll(state *lua.LState, maxBytes int64) ([]byte, error) {
	if state.GetTop() > programs.MaxValues {
		return nil, programs.TooMany()
	}
	w := &writer{out: []byte{'['}, maxBytes: maxBytes}
	for at := 1; at <= state.GetTop(); at++ {
		if at > 1 {
			w.out = append(w.out, ',')
		}
		if err := w.write(state.Get(at)); err != nil {
			return nil, err
		}
	}
	w.out = append(w.out, ']')
	return w.out, w.checkSize()
}
