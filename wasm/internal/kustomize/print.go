package kustomize

import (
	"bytes"

	"sigs.k8s.io/kustomize/api/resmap"
	"sigs.k8s.io/kustomize/api/resource"
	kyaml "sigs.k8s.io/kustomize/kyaml/yaml"
	yaml2 "sigs.k8s.io/yaml/goyaml.v2"

	"mooring.dev/render/internal/host"
)

const separator = "---\n"

// print joins the resources as the library's AsYaml does, and stops at the limit.
func print(files *host.Host, resources resmap.ResMap) ([]byte, []host.Document, error) {
	limit := files.Limits().MaxOutputBytes
	var out bytes.Buffer
	documents := make([]host.Document, 0, resources.Size())
	for _, resource := range resources.Resources() {
		text, err := printOne(resource)
		if err != nil {
			return nil, nil, host.Errorf(host.CodeInvalid, "%s: %v", resource.CurId(), err)
		}
		if len(documents) > 0 {
			out.WriteString(separator)
		}
		if int64(out.Len()+len(text)) > limit {
			return nil, nil, host.Errorf(host.CodeTooLarge, "the built manifests take more than the limit of %d bytes; split the application", limit)
		}
		documents = append(documents, host.Document{Offset: out.Len(), Size: len(text)})
		out.Write(text)
	}
	return out.Bytes(), documents, nil
}

// printOne prints as the resource's AsYAML does. That writes YAML, reads it, writes JSON, reads it and writes YAML, which is as much work as
// all patches and transformers of a small build; plain values come out of it as they went in.
func printOne(resource *resource.Resource) ([]byte, error) {
	if value, ok := kyaml.PlainValue(resource.YNode()); ok {
		if text, ok := appendPlain(nil, value); ok {
			return text, nil
		}
		return yaml2.Marshal(value)
	}
	return resource.AsYAML()
}
