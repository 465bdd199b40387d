package kustomize

import (
	"bytes"
	"math"
	"runtime/debug"

	"sigs.k8s.io/kustomize/kyaml/yaml"
)

const (
	mostKeptBytes = 12 << 20
	// keptShare of the memory that the engine may use is as little as nothing to a render.
	keptShare = 32
	// nodeBytes is the size of a node with its pointer.
	nodeBytes = 176
	secret    = "Secret"
)

// keptNodes are objects by whose they are and the text that they were read from: what changes from render to render is an overlay or a file of a
// base, and reading YAML is a quarter of a build. What was asked for last stays.
type keptNodes struct {
	recent, older map[keptKey]*flatNodes
	recentBytes   int
	maxBytes      int
}

type keptKey struct{ tenant, text string }

// known are the objects of this engine. It renders one request at a time.
var known = keptNodes{maxBytes: maxKeptBytes(), recent: map[keptKey]*flatNodes{}}

func maxKeptBytes() int {
	limit := debug.SetMemoryLimit(-1)
	if limit == math.MaxInt64 {
		return mostKeptBytes
	}
	return int(min(mostKeptBytes, limit/keptShare))
}

type parseNodes func(text []byte) ([]*yaml.RNode, error)

// read gives the objects of a text, which belong to the caller.
func (k *keptNodes) read(tenant string, text []byte, parse parseNodes) ([]*yaml.RNode, error) {
	if flat := k.find(tenant, text); flat != nil {
		return flat.copy(), nil
	}
	nodes, err := parse(text)
	if err == nil && mayKeep(text, nodes) {
		k.keep(keptKey{tenant, string(text)}, flatten(nodes))
	}
	return nodes, err
}

func (k *keptNodes) find(tenant string, text []byte) *flatNodes {
	if flat := k.recent[keptKey{tenant, string(text)}]; flat != nil {
		return flat
	}
	key := keptKey{tenant, string(text)}
	flat := k.older[key]
	if flat != nil {
		delete(k.older, key)
		k.keep(key, flat)
	}
	return flat
}

// keep forgets what was not asked for since half of the room was filled.
func (k *keptNodes) keep(key keptKey, flat *flatNodes) {
	size := len(flat.nodes)*nodeBytes + 2*len(key.text)
	if size > k.maxBytes/2 {
		return
	}
	if k.recentBytes+size > k.maxBytes/2 {
		k.older, k.recent, k.recentBytes = k.recent, map[keptKey]*flatNodes{}, 0
	}
	k.recent[key] = flat
	k.recentBytes += size
}

// mayKeep is false for Secrets, and for texts in which an object could be part of another: as copies they would no longer change together.
func mayKeep(text []byte, nodes []*yaml.RNode) bool {
	if len(nodes) == 0 || bytes.Contains(text, []byte("<<")) || bytes.IndexByte(text, '&') >= 0 && bytes.IndexByte(text, '*') >= 0 {
		return false
	}
	for _, node := range nodes {
		if node.GetKind() == secret {
			return false
		}
	}
	return true
}

// flatNodes are trees of nodes, level by level: the children of each node stand together, behind those of the nodes before it.
type flatNodes struct {
	nodes    []yaml.Node
	children []int
	roots    int
}

func flatten(roots []*yaml.RNode) *flatNodes {
	level := make([]*yaml.Node, 0, len(roots))
	for _, root := range roots {
		level = append(level, root.Document())
	}
	flat := &flatNodes{roots: len(roots)}
	var values bytes.Buffer
	for at := 0; at < len(level); at++ {
		node := *level[at]
		level = append(level, node.Content...)
		flat.children = append(flat.children, len(node.Content))
		node.Content = nil
		flat.nodes = append(flat.nodes, node)
		values.WriteString(node.Value)
	}
	// One text for all of them: the collector looks at each text by itself.
	joined := values.String()
	for at := range flat.nodes {
		length := len(flat.nodes[at].Value)
		flat.nodes[at].Value, joined = joined[:length], joined[length:]
	}
	return flat
}

// copy makes the trees anew.
func (f *flatNodes) copy() []*yaml.RNode {
	nodes := make([]yaml.Node, len(f.nodes))
	copy(nodes, f.nodes)
	pointers := make([]*yaml.Node, len(nodes))
	for at := range nodes {
		pointers[at] = &nodes[at]
	}
	next := f.roots
	for at, count := range f.children {
		if count > 0 {
			nodes[at].Content = pointers[next : next+count : next+count]
			next += count
		}
	}
	roots := make([]*yaml.RNode, f.roots)
	for at := range roots {
		roots[at] = yaml.NewRNode(pointers[at])
	}
	return roots
}
