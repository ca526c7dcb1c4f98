package main

import "knative.dev/pkg/apis"

// orNil keeps a nil *FieldError from becoming an error that is not nil.
func orNil(err *apis.FieldError) error {
	if err == nil {
		return nil
	}
	return err
}
