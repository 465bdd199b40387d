// Package jsonnet evaluates Jsonnet files with the imports that the host gives.
package jsonnet

import (
	"path"

	"github.com/google/go-jsonnet"

	"mooring.dev/render/internal/host"
	"mooring.dev/render/internal/message"
)

// Variable is an external variable or a top-level argument.
type Variable struct {
	Name  string `json:"name"`
	Value string `json:"value"`
	Code  bool   `json:"code"`
}

// Request says what to evaluate.
type Request struct {
	Path    string     `json:"path"`
	ExtVars []Variable `json:"extVars"`
	TLAs    []Variable `json:"tlas"`
	Libs    []string   `json:"libs"`
}

// Evaluate gives the JSON text of a file.
func Evaluate(files *host.Host, request Request) ([]byte, error) {
	machine := jsonnet.MakeVM()
	machine.Importer(&importer{files: files, libs: request.Libs, known: map[string]jsonnet.Contents{}})
	for _, one := range request.ExtVars {
		if one.Code {
			machine.ExtCode(one.Name, one.Value)
		} else {
			machine.ExtVar(one.Name, one.Value)
		}
	}
	for _, one := range request.TLAs {
		if one.Code {
			machine.TLACode(one.Name, one.Value)
		} else {
			machine.TLAVar(one.Name, one.Value)
		}
	}
	text, err := machine.EvaluateFile(request.Path)
	if err == nil && int64(len(text)) > files.Limits().MaxOutputBytes {
		err = host.Errorf(host.CodeTooLarge, "%s: its output is larger than the limit of %d bytes", request.Path, files.Limits().MaxOutputBytes)
	}
	return []byte(text), err
}

type importer struct {
	files *host.Host
	libs  []string
	known map[string]jsonnet.Contents
}

// Import looks beside the importing file, then in the libraries, the last one first, as the command does.
func (i *importer) Import(from, name string) (jsonnet.Contents, string, error) {
	if path.IsAbs(name) {
		return jsonnet.Contents{}, "", host.Errorf(host.CodeInvalid, "%s: import of the absolute path %s; nothing outside of the repository can be imported", from, name)
	}
	places := []string{path.Dir(from)}
	for at := len(i.libs) - 1; at >= 0; at-- {
		places = append(places, i.libs[at])
	}
	for _, place := range places {
		found := path.Join(place, name)
		if contents, ok := i.known[found]; ok {
			return contents, found, nil
		}
		text, ok, err := i.files.Read(found)
		if err != nil {
			return jsonnet.Contents{}, "", err
		}
		if ok {
			contents := jsonnet.MakeContents(string(text))
			i.known[found] = contents
			return contents, found, nil
		}
	}
	return jsonnet.Contents{}, "", host.Errorf(host.CodeInvalid, "couldn't open import %q: no match locally or in the library paths", name)
}

// Render answers a request of kind jsonnet.
func Render(request []byte, files *host.Host) ([]byte, error) {
	var wanted Request
	if _, err := message.Decode(request, &wanted); err != nil {
		return nil, err
	}
	return Evaluate(files, wanted)
}
