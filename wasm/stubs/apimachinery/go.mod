module k8s.io/apimachinery

go 1.26.0

require upstream.invalid/apimachinery v0.37.1
