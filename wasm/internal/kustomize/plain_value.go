package kustomize

import (
	"strconv"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"
)

const (
	// longestPlainKey is far below the length from which YAML writes keys in another way.
	longestPlainKey = 100
	// deepestPlain is far below the depth that parsers refuse.
	deepestPlain = 500
	mergeKey     = "<<"
)

var quoted = yaml.SingleQuotedStyle | yaml.DoubleQuotedStyle

// plainReader reads a node as writing it and reading it again would, and gives up where it is not certain of that.
type plainReader struct {
	// commented and fragile exclude one another: a comment may end up inside of a block of text, and has no sure place in a flow or beside an
	// empty map.
	commented, fragile bool
	// emptyNull and flow exclude one another: in a flow, a null that is not written becomes an empty text.
	emptyNull, flow bool
	depth           int
	uncertain       bool
}

// plainValue gives what a resource says; false where only the library itself knows how that comes out: aliases, merges, tags, floats, folded
// text, anything but printable ASCII.
func plainValue(node *yaml.Node) (value map[string]any, ok bool) {
	if node == nil || node.Kind != yaml.MappingNode {
		return nil, false
	}
	var reader plainReader
	value = reader.mapping(node)
	return value, !reader.uncertain && !(reader.commented && reader.fragile) && !(reader.emptyNull && reader.flow)
}

func (r *plainReader) value(node *yaml.Node) any {
	r.depth++
	defer func() { r.depth-- }()
	if r.depth > deepestPlain {
		return r.giveUp()
	}
	switch node.Kind {
	case yaml.MappingNode:
		return r.mapping(node)
	case yaml.SequenceNode:
		return r.sequence(node)
	case yaml.ScalarNode:
		return r.scalar(node)
	default:
		return r.giveUp()
	}
}

func (r *plainReader) giveUp() any {
	r.uncertain = true
	return nil
}

func (r *plainReader) mapping(node *yaml.Node) map[string]any {
	r.look(node, yaml.NodeTagMap)
	value := make(map[string]any, len(node.Content)/2)
	for at := 0; at+1 < len(node.Content) && !r.uncertain; at += 2 {
		key := r.key(node.Content[at])
		if _, known := value[key]; known {
			r.giveUp()
		}
		value[key] = r.value(node.Content[at+1])
	}
	return value
}

func (r *plainReader) sequence(node *yaml.Node) []any {
	r.look(node, yaml.NodeTagSeq)
	value := make([]any, 0, len(node.Content))
	for _, item := range node.Content {
		if r.uncertain {
			break
		}
		value = append(value, r.value(item))
	}
	return value
}

// look checks what all nodes have.
func (r *plainReader) look(node *yaml.Node, tag string) {
	if node.Anchor != "" || node.Alias != nil || node.Tag != tag && node.Tag != "" {
		r.giveUp()
	}
	if node.Kind != yaml.ScalarNode && node.Style&^yaml.FlowStyle != 0 {
		r.giveUp()
	}
	for _, comment := range [...]string{node.HeadComment, node.LineComment, node.FootComment} {
		if comment != "" {
			r.commented = true
			r.comment(comment)
		}
	}
	if node.Style&yaml.FlowStyle != 0 {
		r.fragile, r.flow = true, true
	}
	if node.Kind != yaml.ScalarNode && len(node.Content) == 0 {
		r.fragile = true
	}
}

func (r *plainReader) comment(text string) {
	for line := range strings.SplitSeq(text, "\n") {
		if line != "" && line[0] != '#' || !isPrintable(line) {
			r.giveUp()
		}
	}
}

func (r *plainReader) key(node *yaml.Node) string {
	if node.Kind != yaml.ScalarNode || len(node.Value) > longestPlainKey || strings.Contains(node.Value, "\n") {
		r.giveUp()
		return ""
	}
	text, isText := r.scalar(node).(string)
	if !isText {
		r.giveUp()
	}
	return text
}

func (r *plainReader) scalar(node *yaml.Node) any {
	r.look(node, node.Tag)
	switch node.Tag {
	case yaml.NodeTagString:
		return r.text(node)
	case yaml.NodeTagInt:
		return r.whole(node)
	case yaml.NodeTagBool:
		if node.Style == 0 && (node.Value == "true" || node.Value == "false") {
			return node.Value == "true"
		}
	case yaml.NodeTagNull:
		if node.Style == 0 && (node.Value == "" || node.Value == "null" || node.Value == "~") {
			r.emptyNull = r.emptyNull || node.Value == ""
			return nil
		}
	case "":
		if node.Style&quoted != 0 || node.Style == 0 && beginsAsText(node.Value) {
			return r.text(node)
		}
		if node.Style == 0 {
			return r.whole(node)
		}
	}
	return r.giveUp()
}

// beginsAsText is true for what reads as text without a tag: of what begins with a letter only these words do not.
func beginsAsText(value string) bool {
	switch strings.ToLower(value) {
	case "", "true", "false", "null":
		return false
	}
	letter := value[0] | 0x20
	return letter >= 'a' && letter <= 'z'
}

// text is written in its own style, or quoted where it would be read as something else.
func (r *plainReader) text(node *yaml.Node) any {
	text := node.Value
	if node.Style&^(quoted|yaml.LiteralStyle) != 0 || text == mergeKey {
		return r.giveUp()
	}
	if strings.Contains(text, "\n") || node.Style&yaml.LiteralStyle != 0 {
		r.fragile = true
		if text == "" || text[0] == ' ' || text[0] == '\n' || strings.HasSuffix(text, "\n\n") || strings.Contains(text, " \n") || text[len(text)-1] == ' ' {
			return r.giveUp()
		}
	}
	if !isPrintable(text) {
		return r.giveUp()
	}
	return text
}

func isPrintable(text string) bool {
	for at := 0; at < len(text); at++ {
		if letter := text[at]; (letter < ' ' || letter > '~') && letter != '\n' {
			return false
		}
	}
	return true
}

// whole is a number that each step writes as it stands here.
func (r *plainReader) whole(node *yaml.Node) any {
	number, err := strconv.Atoi(node.Value)
	if err != nil || node.Style != 0 || strconv.Itoa(number) != node.Value {
		return r.giveUp()
	}
	return number
}
