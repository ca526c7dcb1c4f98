package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"regexp"

	argo "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
	"github.com/argoproj/argo-workflows/v3/workflow/validate"
	tekton "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"knative.dev/pkg/apis"
	"sigs.k8s.io/json"
	"sigs.k8s.io/yaml"
)

var separator = regexp.MustCompile(`(?m)^---\s*$`)

func complaintsAbout(file string) []error {
	text, err := os.ReadFile(file)
	if err != nil {
		return []error{err}
	}
	var complaints []error
	// What an object refers to must stand before it, in the same file.
	seen := templates{}
	for _, document := range separator.Split(string(text), -1) {
		if kind, err := validated([]byte(document), seen); err != nil {
			complaints = append(complaints, fmt.Errorf("%s: %w", kind, err))
		}
	}
	return complaints
}

func validated(document []byte, seen templates) (string, error) {
	var head struct {
		APIVersion string `json:"apiVersion"`
		Kind       string `json:"kind"`
	}
	if err := yaml.Unmarshal(document, &head); err != nil {
		return "", err
	}
	ctx := context.Background()
	kind := head.APIVersion + " " + head.Kind
	switch kind {
	case "tekton.dev/v1 Task":
		return kind, judged(document, &tekton.Task{}, func(task *tekton.Task) error {
			task.SetDefaults(ctx)
			return orNil(task.Validate(ctx))
		})
	case "tekton.dev/v1 TaskRun":
		return kind, judged(document, &tekton.TaskRun{}, func(run *tekton.TaskRun) error {
			run.SetDefaults(ctx)
			return orNil(run.Validate(ctx))
		})
	case "argoproj.io/v1alpha1 WorkflowTemplate":
		return kind, judged(document, &argo.WorkflowTemplate{}, func(template *argo.WorkflowTemplate) error {
			seen[template.Name] = template
			return validate.ValidateWorkflowTemplate(seen, nil, template, nil, validate.ValidateOpts{Lint: true})
		})
	case "argoproj.io/v1alpha1 CronWorkflow":
		return kind, judged(document, &argo.CronWorkflow{}, func(cron *argo.CronWorkflow) error {
			return validate.ValidateCronWorkflow(ctx, seen, nil, cron, nil)
		})
	}
	return kind, errors.New("nobody here can judge this kind")
}

// judged decodes as strictly as an API server, a key that the type does not have (in this very case) is an error, and
// then asks.
func judged[T any](document []byte, object *T, ask func(*T) error) error {
	text, err := yaml.YAMLToJSONStrict(document)
	if err != nil {
		return err
	}
	strict, err := json.UnmarshalStrict(text, object)
	if err := errors.Join(append(strict, err)...); err != nil {
		return err
	}
	return ask(object)
}

// orNil keeps a nil *FieldError from becoming an error that is not nil.
func orNil(err *apis.FieldError) error {
	if err == nil {
		return nil
	}
	return err
}

type templates map[string]*argo.WorkflowTemplate

func (known templates) Get(name string) (*argo.WorkflowTemplate, error) {
	if template, ok := known[name]; ok {
		return template, nil
	}
	return nil, fmt.Errorf("no WorkflowTemplate %q in this file", name)
}
