#!/bin/sh
# deploy.sh plan   shows what would be done to the cluster of the kubeconfig context $CONTEXT, and writes the digest to plan.digest
# deploy.sh apply  does exactly that, or nothing
set -eu
cd "$(dirname "$0")"
step=${1:?write: deploy.sh plan|apply}
: "${CONTEXT:?set it to the kubeconfig context to deploy to}"
set -- app --name shop --to "$CONTEXT" --namespace "${NAMESPACE:-shop}" --prune --sync-option CreateNamespace=true

case $step in
plan)
  code=0
  mooring plan "$@" >plan.txt || code=$?
  cat plan.txt
  sed -n 's/^digest //p' plan.txt >plan.digest
  exit "$code"
  ;;
apply)
  mooring apply "$@" --plan "$(cat plan.digest)" --wait --timeout 300 -o "${OUTPUT:-text}" --junit report.xml
  ;;
*)
  echo "deploy.sh: $step is neither plan nor apply" >&2
  exit 2
  ;;
esac
