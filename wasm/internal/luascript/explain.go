package luascript

import (
	"cmp"
	"errors"
	"slices"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// minHidden is the length from which a value is taken out of messages: without shorter ones nothing would be left of them.
const minHidden = 3

// explain gives the message of a run that failed, without Lua's trace and without values of the input: a script may raise an error
// with whatever it was given, and that may be secret.
func explain(err error, input any) error {
	var raised *lua.ApiError
	if !errors.As(err, &raised) {
		return errors.New("the script failed")
	}
	if raised.Type == lua.ApiErrorPanic {
		return errors.New("the script cannot be run: gopher-lua ends in a bug of its own")
	}
	text, ok := raised.Object.(lua.LString)
	if !ok {
		return errors.New("the script raised an error that is a " + raised.Object.Type().String() + ", not a text")
	}
	return errors.New(hide(string(text), input))
}

func hide(text string, input any) string {
	found := valuesIn(text, input, nil)
	// The longest first: one may be a part of another.
	slices.SortFunc(found, func(a, b string) int { return cmp.Compare(len(b), len(a)) })
	for _, value := range found {
		text = strings.ReplaceAll(text, value, "…")
	}
	return text
}

// valuesIn gives the texts of the input that stand in a message.
func valuesIn(text string, input any, found []string) []string {
	switch one := input.(type) {
	case string:
		if len(one) >= minHidden && strings.Contains(text, one) {
			found = append(found, one)
		}
	case []any:
		for _, item := range one {
			found = valuesIn(text, item, found)
		}
	case map[string]any:
		for _, item := range one {
			found = valuesIn(text, item, found)
		}
	}
	return found
}
