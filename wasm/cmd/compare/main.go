// Command compare holds the engine against the official programs: it renders every case of a corpus with both, and prints where they differ.
//
//	compare CORPUS HELM KUSTOMIZE [substring of a case's name]
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"mooring.dev/render/internal/engine"
	"mooring.dev/render/internal/hosttest"
	"mooring.dev/render/internal/manifests"
	"mooring.dev/render/internal/message"
)

type testCase struct {
	Name    string         `json:"name"`
	Args    map[string]any `json:"args"`
	Request map[string]any `json:"request"`
	CLI     []string       `json:"cli"`
	Edits   [][]string     `json:"edits"`
	Fails   bool           `json:"fails"`
	Words   []string       `json:"words"`
}

type reply struct {
	OK    bool `json:"ok"`
	Error struct{ Code, Message string }
}

var counts = map[string]int{}

func main() {
	engine.Silence()
	corpus, helm, kustomize := os.Args[1], os.Args[2], os.Args[3]
	only := ""
	if len(os.Args) > 4 {
		only = os.Args[4]
	}
	for kind, program := range map[string]string{"charts": helm, "overlays": kustomize} {
		files, err := filepath.Glob(filepath.Join(corpus, kind, "*", "cases.json"))
		check(err)
		for _, file := range files {
			text, err := os.ReadFile(file)
			check(err)
			var cases []testCase
			check(json.Unmarshal(text, &cases))
			for _, one := range cases {
				name := kind + "/" + filepath.Base(filepath.Dir(file)) + "/" + one.Name
				if strings.Contains(name, only) {
					compare(name, filepath.Dir(file), kind, program, helm, one)
				}
			}
		}
	}
	fmt.Println(counts)
}

func compare(name, dir, kind, program, helm string, one testCase) {
	request := one.Request
	verb := "build"
	if kind == "charts" {
		verb = "template"
		request = one.Args
		request["render"] = "helm"
		if request["path"] == nil {
			request["path"] = chartOf(one)
		}
	} else {
		request["render"] = "kustomize"
	}
	request["clock"] = time.Now().Unix()
	request["limits"] = map[string]int{"maxOutputBytes": 1 << 26, "maxFileBytes": 1 << 26, "maxTotalBytes": 1 << 28}
	text, err := message.Encode(request)
	check(err)
	var head reply
	body, err := message.Decode(manifests.Engine(manifests.AllFunctions).Render(text, hosttest.Directory(dir, nil)), &head)
	check(err)

	arguments := []string{verb}
	for _, argument := range one.CLI {
		arguments = append(arguments, strings.ReplaceAll(argument, "$HELM", helm))
	}
	if len(one.Edits) > 0 {
		dir = edited(dir, program, one)
		defer os.RemoveAll(dir)
	}
	command := exec.Command(program, arguments...)
	command.Dir = dir
	var stdout, stderr bytes.Buffer
	command.Stdout, command.Stderr = &stdout, &stderr
	failed := command.Run() != nil
	switch {
	case head.OK && !failed && bytes.Equal(body, stdout.Bytes()):
		counts["same"]++
	case !head.OK && failed:
		counts["both fail"]++
		for _, word := range one.Words {
			if !strings.Contains(head.Error.Message, word) {
				fmt.Printf("WORDS %s: %q not in %s\n", name, word, head.Error.Message)
			}
		}
		if os.Getenv("VERBOSE") != "" {
			fmt.Printf("FAIL %s\n  ours:  [%s] %s\n  their: %s\n", name, head.Error.Code, head.Error.Message, strings.TrimSpace(stderr.String()))
		}
	default:
		counts["differ"]++
		fmt.Printf("DIFF %s ours ok=%v %s %s | theirs failed=%v %s\n", name, head.OK, head.Error.Code, head.Error.Message, failed, tail(stderr.String()))
		if head.OK && !failed {
			save(name, body, stdout.Bytes())
		}
	}
}

// edited gives a copy of the directory in which the official edit commands have run.
func edited(dir, program string, one testCase) string {
	copied, err := os.MkdirTemp("", "compare-")
	check(err)
	check(os.CopyFS(copied, os.DirFS(dir)))
	for _, arguments := range one.Edits {
		command := exec.Command(program, append([]string{"edit"}, arguments...)...)
		command.Dir = filepath.Join(copied, one.CLI[0])
		if output, err := command.CombinedOutput(); err != nil {
			fmt.Printf("   edit %v: %s\n", arguments, strings.TrimSpace(string(output)))
		}
	}
	return copied
}

func chartOf(one testCase) string {
	if len(one.CLI) > 1 && one.CLI[1] != "." {
		return one.CLI[1]
	}
	return ""
}

func save(name string, ours, theirs []byte) {
	base := filepath.Join(os.TempDir(), "compare-"+strings.ReplaceAll(name, "/", "_"))
	check(os.WriteFile(base+".ours", ours, 0o644))
	check(os.WriteFile(base+".theirs", theirs, 0o644))
	text, _ := exec.Command("diff", base+".theirs", base+".ours").Output()
	lines := strings.SplitN(string(text), "\n", 13)
	fmt.Println("   " + strings.Join(lines[:min(len(lines), 12)], "\n   "))
}

func tail(text string) string {
	text = strings.TrimSpace(text)
	return text[max(0, len(text)-300):]
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
