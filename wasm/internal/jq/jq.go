// Package jq runs jq programs as gojq understands them. They have no modules, no further inputs and an empty environment.
package jq

import (
	"errors"
	"fmt"
	"math/big"

	"github.com/itchyny/gojq"

	"mooring.dev/render/internal/host"
	"mooring.dev/render/internal/message"
	"mooring.dev/render/internal/programs"
)

type request struct {
	Program string `json:"program"`
}

var compiled programs.Cache[*gojq.Code]

// Render answers a request of kind jq: the body is the input, the reply's body a JSON array of what the program gives.
func Render(asked []byte, files *host.Host) (body []byte, _ []host.Document, err error) {
	var wanted request
	input, err := message.Decode(asked, &wanted)
	if err != nil {
		return nil, nil, err
	}
	body, err = Run(wanted.Program, input, files.Limits().MaxOutputBytes)
	return body, nil, err
}

// Run gives the values of a program for one input as a JSON array. No error quotes the input.
func Run(text string, input []byte, maxBytes int64) (out []byte, err error) {
	defer func() {
		if recover() != nil {
			out, err = nil, errors.New("the program cannot be run: gojq ends in a bug of its own")
		}
	}()
	code, err := compiled.Get(text, compile)
	if err != nil {
		return nil, err
	}
	value, err := programs.Decode(input)
	if err != nil {
		return nil, err
	}
	return collect(code.Run(value), maxBytes)
}

func compile(text string) (*gojq.Code, error) {
	query, err := gojq.Parse(text)
	if err != nil {
		var wrong *gojq.ParseError
		if errors.As(err, &wrong) {
			return nil, fmt.Errorf("%w at character %d", err, wrong.Offset)
		}
		return nil, err
	}
	return gojq.Compile(query)
}

func collect(values gojq.Iter, maxBytes int64) ([]byte, error) {
	out := []byte{'['}
	for count := 0; ; count++ {
		value, ok := values.Next()
		if !ok {
			return append(out, ']'), nil
		}
		if err, failed := value.(error); failed {
			if halted, ok := err.(*gojq.HaltError); ok && halted.Value() == nil {
				return append(out, ']'), nil
			}
			return nil, explain(err)
		}
		if count == programs.MaxValues {
			return nil, programs.TooMany()
		}
		if count > 0 {
			out = append(out, ',')
		}
		budget := maxBytes - int64(len(out))
		if err := measure(value, 0, &budget); err != nil {
			return nil, tooLargeOf(err, maxBytes)
		}
		text, err := gojq.Marshal(value)
		if err != nil {
			return nil, errors.New("a value of the program cannot be written as JSON")
		}
		out = append(out, text...)
		if int64(len(out)) > maxBytes {
			return nil, programs.TooLarge(maxBytes)
		}
	}
}

var errOverBudget = errors.New("over budget")

func tooLargeOf(err error, maxBytes int64) error {
	if errors.Is(err, errOverBudget) {
		return programs.TooLarge(maxBytes)
	}
	return err
}

// measure takes what a value needs at least from the budget, before it is written: parts may be shared so often that the text would
// have no end.
func measure(value any, depth int, budget *int64) error {
	if depth > programs.MaxDepth {
		return programs.TooDeep()
	}
	*budget--
	switch one := value.(type) {
	case string:
		*budget -= int64(len(one))
	case *big.Int:
		*budget -= int64(one.BitLen() / 4)
	case []any:
		for _, item := range one {
			if err := measure(item, depth+1, budget); err != nil {
				return err
			}
		}
	case map[string]any:
		for key, item := range one {
			*budget -= int64(len(key))
			if err := measure(item, depth+1, budget); err != nil {
				return err
			}
		}
	}
	if *budget < 0 {
		return errOverBudget
	}
	return nil
}
