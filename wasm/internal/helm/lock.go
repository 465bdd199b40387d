package helm

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"

	chart "helm.sh/helm/v4/pkg/chart/v2"
)

var (
	errLock   = errors.New("the lock file (Chart.lock) is out of sync with the dependencies file (Chart.yaml). Please update the dependencies with 'helm dependency update'")
	errLockV1 = errors.New("the lock file (requirements.lock) is out of sync with the dependencies file (requirements.yaml). Please update the dependencies")
)

// checkLock refuses a lock that was written for other dependencies, as `helm dependency build` does.
func checkLock(parent *chart.Chart) error {
	if parent.Lock == nil {
		return nil
	}
	wanted := parent.Metadata.Dependencies
	if lockDigest([2][]*chart.Dependency{wanted, parent.Lock.Dependencies}) == parent.Lock.Digest {
		return nil
	}
	if parent.Metadata.APIVersion != chart.APIVersionV1 {
		return errLock
	}
	// Helm 2 wrote another digest.
	if lockDigest(map[string][]*chart.Dependency{"dependencies": wanted}) == parent.Lock.Digest {
		return nil
	}
	return errLockV1
}

func lockDigest(of any) string {
	text, err := json.Marshal(of)
	if err != nil {
		return ""
	}
	sum := sha256.Sum256(text)
	return "sha256:" + hex.EncodeToString(sum[:])
}
