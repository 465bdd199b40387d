package kustomize

import "sigs.k8s.io/kustomize/api/konfig"

var kustomizationNames = konfig.RecognizedKustomizationFileNames()
