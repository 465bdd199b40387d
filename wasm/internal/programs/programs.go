// Package programs holds what jq programs and Lua scripts have in common: what they were compiled to, their input, and the bounds of
// what they give.
package programs

import (
	"bytes"
	"encoding/json"
	"errors"

	"mooring.dev/render/internal/host"
)

// MaxValues is how many values one run may give.
const MaxValues = 1000

// MaxDepth is how deep a value may be nested: whoever reads it does so level by level.
const MaxDepth = 200

// maxKept is how many compiled programs are kept. An installation has a few dozen.
const maxKept = 256

// Cache keeps what programs were compiled to, by their text.
type Cache[P any] struct{ kept map[string]P }

// Get compiles a text that is not known yet.
func (c *Cache[P]) Get(text string, compile func(string) (P, error)) (P, error) {
	if known, ok := c.kept[text]; ok {
		return known, nil
	}
	program, err := compile(text)
	if err != nil {
		return program, err
	}
	if c.kept == nil || len(c.kept) >= maxKept {
		c.kept = map[string]P{}
	}
	c.kept[text] = program
	return program, nil
}

// Decode reads JSON with its numbers as they are written. The error does not quote what it read.
func Decode(text []byte) (any, error) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var value any
	if decoder.Decode(&value) != nil {
		return nil, errors.New("the input is not JSON")
	}
	return value, nil
}

// TooLarge is the error of a run that gives more than it may.
func TooLarge(limit int64) error {
	return host.Errorf(host.CodeTooLarge, "it gives more than %d bytes", limit)
}

// TooMany is the error of a run that gives too many values.
func TooMany() error {
	return host.Errorf(host.CodeTooLarge, "it gives more than %d values", MaxValues)
}

// TooDeep is the error of a value that is nested too deeply.
func TooDeep() error {
	return host.Errorf(host.CodeTooLarge, "it gives a value that is nested more than %d levels deep", MaxDepth)
}
