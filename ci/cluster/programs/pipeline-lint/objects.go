package main

import (
	"context"
	"fmt"
	"os"
	"regexp"

	argo "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
	"github.com/argoproj/argo-workflows/v3/workflow/validate"
	tekton "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"sigs.k8s.io/yaml"
)

var separator = regexp.MustCompile(`(?m)^---\s*$`)

func complaintsAbout(file string) []error {
	text, err := os.ReadFile(file)
	if err != nil {
		return []error{err}
	}
	var complaints []error
	known := 0
	for _, document := range separator.Split(string(text), -1) {
		kind, err := validated([]byte(document))
		if err != nil {
			complaints = append(complaints, fmt.Errorf("%s: %w", kind, err))
		}
		if kind != "" {
			known++
		}
	}
	// A file whose objects nobody looked at must not count as good.
	if known == 0 {
		complaints = append(complaints, fmt.Errorf("no object in it"))
	}
	return complaints
}

func validated(document []byte) (string, error) {
	var head struct {
		APIVersion string `json:"apiVersion"`
		Kind       string `json:"kind"`
	}
	if err := yaml.Unmarshal(document, &head); err != nil || head.Kind == "" {
		return head.Kind, err
	}
	ctx := context.Background()
	kind := head.APIVersion + " " + head.Kind
	switch kind {
	case "tekton.dev/v1 Task":
		task := &tekton.Task{}
		if err := yaml.UnmarshalStrict(document, task); err != nil {
			return kind, err
		}
		task.SetDefaults(ctx)
		return kind, orNil(task.Validate(ctx))
	case "tekton.dev/v1 TaskRun":
		run := &tekton.TaskRun{}
		if err := yaml.UnmarshalStrict(document, run); err != nil {
			return kind, err
		}
		run.SetDefaults(ctx)
		return kind, orNil(run.Validate(ctx))
	case "argoproj.io/v1alpha1 WorkflowTemplate":
		template := &argo.WorkflowTemplate{}
		if err := yaml.UnmarshalStrict(document, template); err != nil {
			return kind, err
		}
		return kind, validate.ValidateWorkflowTemplate(nil, nil, template, validate.ValidateOpts{Lint: true})
	case "argoproj.io/v1alpha1 CronWorkflow":
		cron := &argo.CronWorkflow{}
		if err := yaml.UnmarshalStrict(document, cron); err != nil {
			return kind, err
		}
		return kind, validate.ValidateCronWorkflow(ctx, nil, nil, cron)
	}
	return kind, fmt.Errorf("nobody here can judge this kind")
}
