// Package helm renders charts as `helm template` does, with the files that the host gives.
package helm

// Values are one values file, or text that stands for one.
type Values struct {
	Path *string `json:"path"`
	Text string  `json:"text"`
	// Name of text that was read from a file, for messages.
	Name string `json:"-"`
}

// Parameter is one --set or --set-string.
type Parameter struct {
	Name        string `json:"name"`
	Value       string `json:"value"`
	ForceString bool   `json:"forceString"`
}

// FileParameter is one --set-file.
type FileParameter struct {
	Name string `json:"name"`
	Path string `json:"path"`
}

// Request says what to render and how.
type Request struct {
	Path        string `json:"path"`
	Clock       int64  `json:"clock"`
	ReleaseName string `json:"releaseName"`
	// NameTemplate gives the release its name instead.
	NameTemplate         string          `json:"-"`
	Namespace            string          `json:"namespace"`
	KubeVersion          string          `json:"kubeVersion"`
	APIVersions          []string        `json:"apiVersions"`
	Values               []Values        `json:"values"`
	Parameters           []Parameter     `json:"parameters"`
	FileParameters       []FileParameter `json:"fileParameters"`
	IncludeCRDs          bool            `json:"includeCrds"`
	SkipTests            bool            `json:"skipTests"`
	SkipHooks            bool            `json:"skipHooks"`
	SkipSchemaValidation bool            `json:"skipSchemaValidation"`
}
