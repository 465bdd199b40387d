package host

// Document is one manifest of the output. Source is the file that it came from, as far as the tool knows it.
type Document struct {
	Source string `json:"source,omitempty"`
	Offset int    `json:"offset"`
	Size   int    `json:"size"`
}
