package jq

import (
	"errors"
	"regexp"
	"strings"

	"github.com/itchyny/gojq"
)

// quoting begins what gojq shows of a value in its messages.
var quoting = regexp.MustCompile(`[("\[{0-9]| cannot be applied to [^:]`)

// explain says what went wrong without the values that gojq's messages show: they are the input's, which may be secret.
func explain(err error) error {
	var raised gojq.ValueError
	if errors.As(err, &raised) {
		return errors.New("the program ended with an error of its own making; what it says may be part of the input and is not shown")
	}
	text := err.Error()
	if at := quoting.FindStringIndex(text); at != nil {
		text = text[:at[0]]
	}
	return errors.New(strings.TrimRight(text, " :"))
}
