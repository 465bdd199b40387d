// In a Jenkinsfile of a multibranch job: mooringPreMerge(validate: 'deploy', repository: 'shop/deploy', credentialsId: 'github-token')
def call(Map options = [:]) {
  def run = {
    withEnv([
      "MOORING_VALIDATE=${options.validate ?: ''}",
      "MOORING_KUBERNETES_VERSION=${options.kubernetesVersion ?: ''}",
      "MOORING_REPO_URL=${options.repoUrl ?: ''}",
      "GITHUB_REPOSITORY=${options.repository ?: ''}",
    ]) {
      try {
        sh libraryResource('mooring/pre-merge.sh')
      } finally {
        junit allowEmptyResults: true, testResults: 'mooring-*.xml'
      }
    }
  }
  if (options.credentialsId) {
    withCredentials([string(credentialsId: options.credentialsId, variable: 'GITHUB_TOKEN')]) { run() }
  } else {
    run()
  }
}
