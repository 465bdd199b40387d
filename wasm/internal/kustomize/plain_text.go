package kustomize

import (
	"slices"
	"strconv"
	"strings"

	yaml2 "sigs.k8s.io/yaml/goyaml.v2"
)

const (
	// foldWidth is the column behind which YAML breaks a line at a space.
	foldWidth   = 80
	indentWidth = 2
)

// appendPlain appends what the library prints for a map of plain values; false where that is not certain. The library sends each value through
// events, queues and reflection.
func appendPlain(out []byte, value map[string]any) ([]byte, bool) {
	printer := plainPrinter{out: out}
	if len(value) == 0 {
		return out, false
	}
	printer.mapping(value, 0)
	return printer.out, !printer.uncertain
}

type plainPrinter struct {
	out       []byte
	uncertain bool
}

// mapping begins where the cursor is: at the left edge, or behind the dash of an item.
func (p *plainPrinter) mapping(value map[string]any, indent int) {
	keys := make([]string, 0, len(value))
	for key := range value {
		keys = append(keys, key)
	}
	slices.SortFunc(keys, compareKeys)
	for at, key := range keys {
		if at > 0 {
			p.indent(indent)
		}
		if !p.isWord(key, indent) {
			p.uncertain = true
			return
		}
		p.out = append(append(p.out, key...), ':')
		switch inner := value[key].(type) {
		case map[string]any:
			p.innerMapping(inner, indent)
		case []any:
			p.innerSequence(inner, indent)
		default:
			p.out = append(p.out, ' ')
			p.scalar(inner, place{indent + len(key) + len(": "), indent + indentWidth})
			p.out = append(p.out, '\n')
		}
	}
}

func (p *plainPrinter) innerMapping(value map[string]any, indent int) {
	if len(value) == 0 {
		p.out = append(p.out, " {}\n"...)
		return
	}
	p.out = append(p.out, '\n')
	p.indent(indent + indentWidth)
	p.mapping(value, indent+indentWidth)
}

// innerSequence has its dashes below the key.
func (p *plainPrinter) innerSequence(value []any, indent int) {
	if len(value) == 0 {
		p.out = append(p.out, " []\n"...)
		return
	}
	p.out = append(p.out, '\n')
	p.indent(indent)
	p.sequence(value, indent)
}

func (p *plainPrinter) sequence(value []any, indent int) {
	for at, item := range value {
		if at > 0 {
			p.indent(indent)
		}
		p.out = append(p.out, "- "...)
		switch inner := item.(type) {
		case map[string]any:
			if len(inner) > 0 {
				p.mapping(inner, indent+indentWidth)
				continue
			}
			p.out = append(p.out, "{}"...)
		case []any:
			if len(inner) > 0 {
				p.sequence(inner, indent+indentWidth)
				continue
			}
			p.out = append(p.out, "[]"...)
		default:
			p.scalar(inner, place{indent + indentWidth, indent + indentWidth})
		}
		p.out = append(p.out, '\n')
	}
}

func (p *plainPrinter) indent(width int) {
	for range width {
		p.out = append(p.out, ' ')
	}
}

// place is where a scalar begins, and where its lines would begin if it had several.
type place struct{ column, indent int }

func (p *plainPrinter) scalar(value any, at place) {
	switch value := value.(type) {
	case nil:
		p.out = append(p.out, "null"...)
	case bool:
		p.out = strconv.AppendBool(p.out, value)
	case int:
		p.out = strconv.AppendInt(p.out, int64(value), 10)
	case string:
		if strings.Contains(value, "\n") {
			p.lines(value, at.indent)
			return
		}
		p.text(value, at.column)
	default:
		p.uncertain = true
	}
}

func (p *plainPrinter) text(text string, column int) {
	switch {
	case p.isWord(text, column):
		p.out = append(p.out, text...)
	case isQuantity(text):
		p.out = append(p.out, text...)
	case isDigits(text):
		p.out = append(append(append(p.out, '"'), text...), '"')
	case column+len("''")+2*len(text) > foldWidth:
		p.uncertain = true
	default:
		quoted, err := yaml2.Marshal(text)
		if err != nil {
			p.uncertain = true
			return
		}
		p.out = append(p.out, quoted[:len(quoted)-1]...)
	}
}

// lines writes a block of text as it stands, but for the end of its last line.
func (p *plainPrinter) lines(text string, indent int) {
	if !isBlock(text) {
		p.uncertain = true
		return
	}
	p.out = append(p.out, '|')
	body, ends := strings.CutSuffix(text, "\n")
	if !ends {
		p.out = append(p.out, '-')
	}
	for line := range strings.SplitSeq(body, "\n") {
		p.out = append(p.out, '\n')
		if line != "" {
			p.indent(indent)
			p.out = append(p.out, line...)
		}
	}
}

// isBlock is true for text that certainly needs no hints of its first line's indentation and no escapes, and ends in one line break at most.
func isBlock(text string) bool {
	last := text[len(text)-1]
	if text[0] == ' ' || text[0] == '\n' || last == ' ' || strings.HasSuffix(text, "\n\n") || strings.Contains(text, " \n") {
		return false
	}
	for at := 0; at < len(text); at++ {
		if letter := text[at]; (letter < ' ' || letter > '~') && letter != '\n' {
			return false
		}
	}
	return true
}

// isWord is true for text that certainly stands without quotes: it reads as nothing else, has nothing in it that means something in YAML, and
// is not folded.
func (p *plainPrinter) isWord(text string, column int) bool {
	if text == "" || !isLetterOrSlash(text[0]) || isKeyword(text) {
		return false
	}
	spaces := false
	for at := 1; at < len(text); at++ {
		letter := text[at]
		switch {
		case letter < ' ' || letter > '~':
			return false
		case letter == ' ':
			spaces = true
		case letter == '#' && text[at-1] == ' ':
			return false
		case letter == ':' && (at+1 == len(text) || text[at+1] == ' '):
			return false
		}
	}
	return !spaces || text[len(text)-1] != ' ' && column+len(text) <= foldWidth
}

func isLetterOrSlash(letter byte) bool {
	return letter|0x20 >= 'a' && letter|0x20 <= 'z' || letter == '/'
}

const longestKeyword = len("false")

// isKeyword is true for what YAML 1.1 has a meaning for, in any case of its letters.
func isKeyword(text string) bool {
	if len(text) > longestKeyword {
		return false
	}
	switch strings.ToLower(text) {
	case "y", "yes", "on", "true", "n", "no", "off", "false", "null":
		return true
	}
	return false
}

// longestNumber is far from what is too large for a number, and then is text.
const longestNumber = 100

// isDigits is true for what certainly reads as a number.
func isDigits(text string) bool {
	for at := 0; at < len(text); at++ {
		if text[at] < '0' || text[at] > '9' {
			return false
		}
	}
	return text != "" && len(text) <= longestNumber
}

// isQuantity is true for digits with one of Kubernetes' units behind them, which certainly read as text.
func isQuantity(text string) bool {
	unit := strings.TrimLeft(text, "0123456789")
	switch unit {
	case "m", "k", "M", "G", "T", "Ki", "Mi", "Gi", "Ti":
		return len(unit) < len(text)
	}
	return false
}

// compareKeys is the library's order of keys, for ASCII: letters by their code and behind all else, numbers by their value.
func compareKeys(a, b string) int {
	for at := 0; at < len(a) && at < len(b); at++ {
		if a[at] == b[at] {
			continue
		}
		if isLess(a, b, at) {
			return -1
		}
		return 1
	}
	return len(a) - len(b)
}

func isLess(a, b string, at int) bool {
	isLetterA, isLetterB := isASCIILetter(a[at]), isASCIILetter(b[at])
	if isLetterA && isLetterB {
		return a[at] < b[at]
	}
	if isLetterA || isLetterB {
		return isLetterB
	}
	var numberA, numberB int64
	if a[at] == '0' || b[at] == '0' {
		for before := at - 1; before >= 0 && isDigit(a[before]); before-- {
			if a[before] != '0' {
				numberA, numberB = 1, 1
				break
			}
		}
	}
	endA, numberA := numberFrom(a, at, numberA)
	endB, numberB := numberFrom(b, at, numberB)
	if numberA != numberB {
		return numberA < numberB
	}
	if endA != endB {
		return endA < endB
	}
	return a[at] < b[at]
}

func numberFrom(text string, at int, number int64) (int, int64) {
	for ; at < len(text) && isDigit(text[at]); at++ {
		number = number*10 + int64(text[at]-'0')
	}
	return at, number
}

func isDigit(letter byte) bool { return letter >= '0' && letter <= '9' }

func isASCIILetter(letter byte) bool { return letter|0x20 >= 'a' && letter|0x20 <= 'z' }
