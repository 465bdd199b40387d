// Package json passes on upstream's package.
package json

import "upstream.invalid/apimachinery/pkg/util/json"

var (
	ConvertInterfaceNumbers = json.ConvertInterfaceNumbers
	ConvertMapNumbers       = json.ConvertMapNumbers
	ConvertSliceNumbers     = json.ConvertSliceNumbers
)
