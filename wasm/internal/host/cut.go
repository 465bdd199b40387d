package host

import (
	"regexp"
	"strings"
)

// maxMessageBytes keeps what a library quotes of its input out of statuses and logs.
const maxMessageBytes = 4096

// Cut shortens a message to 4 KiB. It keeps the beginning and the end, because libraries put the cause last.
func Cut(text string) string {
	text = hideDumps(strings.ToValidUTF8(text, "�"))
	if len(text) <= maxMessageBytes {
		return text
	}
	const mark = " […] "
	half := (maxMessageBytes - len(mark)) / 2
	return strings.ToValidUTF8(text[:half], "") + mark + strings.ToValidUTF8(text[len(text)-half:], "")
}

// dumps begin objects as Go and JSON print them: libraries put whole Secrets into messages so.
var dumps = []string{"map[string]interface {}{", "map[string]interface{}{", "map[string]any{", `{"apiVersion":`}

// yamlDump begins the objects that Kustomize prints behind an ambiguous reference, which it has named before.
const yamlDump = "\n**** Too many possible referral targets"

// quoted are messages of Kustomize that end in a value, which may be a Secret's.
var quoted = regexp.MustCompile(`(?s)(literal sources \[).*(\]: invalid literal source ).*(, expected key=value)`)

var quotedToTheEnd = regexp.MustCompile(`(?s)(is out of bounds for value|has invalid utf8 bytes :) .*`)

var pointer = regexp.MustCompile(`&{0x[0-9a-f]+`)

// hideDumps also takes addresses away: the same failure must have the same message.
func hideDumps(text string) string {
	text, _, _ = strings.Cut(text, yamlDump)
	text = quoted.ReplaceAllString(text, "${1}…${2}…${3}")
	text = quotedToTheEnd.ReplaceAllString(text, "$1 …")
	text = pointer.ReplaceAllString(text, "&{0x…")
	for _, dump := range dumps {
		var out strings.Builder
		for {
			before, after, found := strings.Cut(text, dump)
			out.WriteString(before)
			if !found {
				break
			}
			out.WriteString("{…}")
			text = after[lengthOfDump(after):]
		}
		text = out.String()
	}
	return text
}

// lengthOfDump finds the brace that closes the one before the text; the whole text when there is none.
func lengthOfDump(text string) int {
	depth, quoted := 1, false
	for at := 0; at < len(text); at++ {
		switch letter := text[at]; {
		case quoted && letter == '\\':
			at++
		case letter == '"':
			quoted = !quoted
		case quoted:
		case letter == '{':
			depth++
		case letter == '}':
			if depth--; depth == 0 {
				return at + 1
			}
		}
	}
	return len(text)
}
