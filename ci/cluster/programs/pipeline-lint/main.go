// What the CI systems say of our pipeline files themselves: `pipeline-lint actionlint ARGUMENTS` is actionlint, and
// `pipeline-lint objects FILE…` decodes Tekton's and Argo's objects as strictly as they can and validates them as
// their own admission does. A complaint is a line on stdout; the exit code is 1 if there was any.
package main

import (
	"fmt"
	"os"

	"github.com/rhysd/actionlint"
)

func main() {
	if len(os.Args) > 1 && os.Args[1] == "actionlint" {
		command := actionlint.Command{Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr}
		os.Exit(command.Main(os.Args[1:]))
	}
	if len(os.Args) < 3 || os.Args[1] != "objects" {
		fmt.Fprintln(os.Stderr, "usage: pipeline-lint actionlint ARGUMENTS | objects FILE…")
		os.Exit(2)
	}
	code := 0
	for _, file := range os.Args[2:] {
		for _, complaint := range complaintsAbout(file) {
			fmt.Printf("%s: %v\n", file, complaint)
			code = 1
		}
	}
	os.Exit(code)
}
