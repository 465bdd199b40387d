package luascript

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"

	lua "github.com/yuin/gopher-lua"

	"mooring.dev/render/internal/programs"
)

// toLua gives a JSON value as Lua has it: lists are tables from 1 on, null is nil, all numbers are floats, as in Argo CD.
// Fields are set in the order of their names, so that pairs() gives them in the same order each time.
func toLua(state *lua.LState, value any) lua.LValue {
	switch one := value.(type) {
	case bool:
		return lua.LBool(one)
	case string:
		return lua.LString(one)
	case json.Number:
		number, err := strconv.ParseFloat(one.String(), 64)
		if err != nil {
			return lua.LString(one)
		}
		return lua.LNumber(number)
	case []any:
		table := state.CreateTable(len(one), 0)
		for _, item := range one {
			table.Append(toLua(state, item))
		}
		return table
	case map[string]any:
		table := state.CreateTable(0, len(one))
		for _, name := range sortedKeys(one) {
			table.RawSetString(name, toLua(state, one[name]))
		}
		return table
	}
	return lua.LNil
}

func sortedKeys(object map[string]any) []string {
	names := make([]string, 0, len(object))
	for name := range object {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// writer writes Lua values as JSON up to a number of bytes.
type writer struct {
	out      []byte
	maxBytes int64
	// within are the tables around the value that is being written.
	within []*lua.LTable
}

// write writes a value by the rules of Argo CD's library: a table whose keys are 1 to n is a list, and so is an empty one; one
// whose keys are all strings is an object; anything else is an error.
func (w *writer) write(value lua.LValue) error {
	switch one := value.(type) {
	case *lua.LNilType:
		w.out = append(w.out, "null"...)
	case lua.LBool:
		w.out = strconv.AppendBool(w.out, bool(one))
	case lua.LString:
		return w.writeText(string(one))
	case lua.LNumber:
		return w.writeNumber(float64(one))
	case *lua.LTable:
		return w.writeTable(one)
	default:
		return fmt.Errorf("it returns a %s, which JSON has not", value.Type())
	}
	return w.checkSize()
}

func (w *writer) checkSize() error {
	if int64(len(w.out)) > w.maxBytes {
		return programs.TooLarge(w.maxBytes)
	}
	return nil
}

func (w *writer) writeText(text string) error {
	if int64(len(text)) > w.maxBytes {
		return programs.TooLarge(w.maxBytes)
	}
	written, err := json.Marshal(text)
	w.out = append(w.out, written...)
	if err != nil {
		return err
	}
	return w.checkSize()
}

func (w *writer) writeNumber(number float64) error {
	if math.IsNaN(number) || math.IsInf(number, 0) {
		return fmt.Errorf("it returns a number that JSON has not: %v", number)
	}
	written, err := json.Marshal(number)
	w.out = append(w.out, written...)
	if err != nil {
		return err
	}
	return w.checkSize()
}

func (w *writer) writeTable(table *lua.LTable) error {
	if len(w.within) >= programs.MaxDepth {
		return programs.TooDeep()
	}
	if slices.Contains(w.within, table) {
		return fmt.Errorf("it returns a table that holds itself")
	}
	w.within = append(w.within, table)
	defer func() { w.within = w.within[:len(w.within)-1] }()
	first, _ := table.Next(lua.LNil)
	switch first.Type() {
	case lua.LTNil, lua.LTNumber:
		return w.writeList(table)
	case lua.LTString:
		return w.writeObject(table)
	}
	return fmt.Errorf("it returns a table with a key that is a %s; keys must be 1 to n, or strings", first.Type())
}

func (w *writer) writeList(table *lua.LTable) error {
	w.out = append(w.out, '[')
	next := lua.LNumber(1)
	for key, item := table.Next(lua.LNil); key != lua.LNil; key, item = table.Next(key) {
		if key != next {
			return fmt.Errorf("it returns a table whose keys are neither 1 to n nor all strings")
		}
		if next > 1 {
			w.out = append(w.out, ',')
		}
		if err := w.write(item); err != nil {
			return err
		}
		next++
	}
	w.out = append(w.out, ']')
	return w.checkSize()
}

func (w *writer) writeObject(table *lua.LTable) error {
	w.out = append(w.out, '{')
	separator := ""
	for key, item := table.Next(lua.LNil); key != lua.LNil; key, item = table.Next(key) {
		name, ok := key.(lua.LString)
		if !ok {
			return fmt.Errorf("it returns a table whose keys are neither 1 to n nor all strings")
		}
		w.out = append(w.out, separator...)
		separator = ","
		if err := w.writeText(string(name)); err != nil {
			return err
		}
		w.out = append(w.out, ':')
		if err := w.write(item); err != nil {
			return err
		}
	}
	w.out = append(w.out, '}')
	return w.checkSize()
}
