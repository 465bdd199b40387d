import type { Row } from "./rule.ts";

/** Work that ends, as kinds that follow Kubernetes' Job say it. */
const job = {
  Suspended: "Suspended=True",
  Degraded: "Failed=True",
  Healthy: "Complete=True or Completed=True or Succeeded=True",
};

/** Pipelines, batch work and data processing: Tekton, Spark, Flink, Ray, Volcano, Kueue, Numaflow. */
export const batchRows: readonly Row[] = [
  {
    groups: "tekton.dev",
    kinds: "PipelineRun TaskRun CustomRun Run",
    Suspended: ".spec.status=PipelineRunPending",
    Degraded: "Succeeded=False",
    Healthy: "Succeeded=True",
  },
  {
    groups: "operator.tekton.dev",
    kinds: "TektonConfig TektonPipeline TektonTrigger TektonDashboard TektonChain TektonResult TektonHub",
    Healthy: "Ready=True",
  },
  { groups: "triggers.tekton.dev", kinds: "EventListener", Healthy: "Available=True" },
  {
    groups: "sparkoperator.k8s.io",
    kinds: "SparkApplication",
    Suspended: ".status.applicationState.state=SUSPENDING|SUSPENDED",
    Degraded: ".status.applicationState.state=FAILED|SUBMISSION_FAILED|FAILING",
    Healthy: ".status.applicationState.state=RUNNING|SUCCEEDING|COMPLETED",
    message: ".status.applicationState.errorMessage",
  },
  {
    groups: "sparkoperator.k8s.io",
    kinds: "ScheduledSparkApplication",
    Suspended: ".spec.suspend=true",
    Degraded: ".status.scheduleState=FailedValidation",
    Healthy: ".status.scheduleState=Scheduled",
    message: ".status.reason",
  },
  {
    groups: "spark.apache.org",
    kinds: "SparkApplication SparkCluster",
    Degraded:
      ".status.currentState.currentStateSummary=Failed|SchedulingFailure|DriverStartTimedOut|DriverReadyTimedOut|ExecutorsStartTimedOut|DriverEvicted",
    Healthy: ".status.currentState.currentStateSummary=RunningHealthy|Succeeded|ResourceReleased",
    message: ".status.currentState.message",
  },
  {
    groups: "flink.apache.org",
    kinds: "FlinkDeployment FlinkSessionJob",
    Suspended: ".status.lifecycleState=SUSPENDED",
    Degraded:
      ".status.lifecycleState=FAILED|ROLLED_BACK or .status.jobManagerDeploymentStatus=ERROR or .status.jobStatus.state=FAILED",
    Healthy:
      ".status.lifecycleState=STABLE or .status.jobStatus.state=RUNNING|FINISHED & .status.lifecycleState!=UPGRADING|ROLLING_BACK|CREATED",
    message: ".status.error",
  },
  {
    groups: "flink.apache.org",
    kinds: "FlinkBlueGreenDeployment",
    Degraded: ".status.jobStatus.state=FAILED|FAILING",
    Healthy: ".status.blueGreenState=ACTIVE_BLUE|ACTIVE_GREEN",
    message: ".status.error",
  },
  {
    groups: "flink.apache.org",
    kinds: "FlinkStateSnapshot",
    Degraded: ".status.state=FAILED|ABANDONED",
    Healthy: ".status.state=COMPLETED",
    message: ".status.error",
  },
  {
    groups: "ray.io",
    kinds: "RayCluster",
    Suspended: ".status.state=suspended",
    Degraded: ".status.state=failed|unhealthy",
    Healthy: ".status.state=ready or RayClusterProvisioned=True",
    message: ".status.reason",
  },
  {
    groups: "ray.io",
    kinds: "RayJob",
    Suspended: ".status.jobDeploymentStatus=Suspended",
    Degraded: ".status.jobDeploymentStatus=Failed or .status.jobStatus=FAILED|STOPPED",
    Healthy: ".status.jobDeploymentStatus=Complete",
    message: ".status.message",
  },
  {
    groups: "ray.io",
    kinds: "RayService",
    Healthy: "Ready=True or .status.serviceStatus=Running",
  },
  {
    groups: "batch.volcano.sh",
    kinds: "Job",
    Suspended: ".status.state.phase=Aborted",
    Degraded: ".status.state.phase=Failed|Terminated",
    Healthy: ".status.state.phase=Completed",
    message: ".status.state.message .status.state.reason",
  },
  {
    groups: "scheduling.volcano.sh",
    kinds: "Queue",
    Suspended: ".status.state=Closed|Closing",
    Healthy: ".status.state=Open",
  },
  {
    groups: "kueue.x-k8s.io",
    kinds: "ClusterQueue LocalQueue AdmissionCheck MultiKueueCluster",
    Suspended: "Active=False(Stopped|ClusterQueueIsInactive)",
    Degraded: "Active=False",
    Healthy: "Active=True",
  },
  { groups: "jobset.x-k8s.io", kinds: "JobSet", ...job },
  { groups: "leaderworkerset.x-k8s.io", kinds: "LeaderWorkerSet", Healthy: "Available=True" },
  {
    groups: "kubeflow.org trainer.kubeflow.org",
    kinds: "PyTorchJob TFJob MPIJob XGBoostJob PaddleJob JAXJob TrainJob Experiment Trial Suggestion",
    ...job,
  },
  {
    groups: "kubeflow.org",
    kinds: "Notebook",
    Degraded: ".status.containerState.waiting.reason=CrashLoopBackOff|ImagePullBackOff|ErrImagePull",
    Healthy: ".status.readyReplicas",
    otherwise: "nothing",
    message: ".status.containerState.waiting.message",
  },
  {
    groups: "serving.kserve.io",
    kinds: "InferenceService",
    Degraded: ".status.modelStatus.transitionStatus=BlockedByFailedLoad|InvalidSpec",
    Healthy: "Ready=True",
    message: ".status.modelStatus.lastFailureInfo.message",
  },
  {
    groups: "serving.kserve.io",
    kinds: "LLMInferenceService InferenceGraph TrainedModel",
    Degraded: "Ready=False(Error|Failed|InvalidSpec|ReconcileFailed)",
    Healthy: "Ready=True",
  },
  {
    groups: "numaflow.numaproj.io",
    kinds: "Pipeline MonoVertex Vertex InterStepBufferService",
    Suspended: ".status.phase=Paused",
    Degraded: ".status.phase=Failed or *=False(!Progressing|Pending|Processing)",
    Progressing: ".status.phase=Pausing|Pending or *=False",
    Healthy: ".status.phase=Running",
    message: ".status.message",
  },
  {
    groups: "numaplane.numaproj.io",
    kinds: "ISBServiceRollout MonoVertexRollout PipelineRollout NumaflowControllerRollout",
    Suspended: "PipelinePausingOrPaused=True & .status.pipelineStatus.phase=Paused",
    Degraded:
      ".status.phase=Failed or ProgressiveUpgradeSucceeded=False or ChildResourcesHealthy=False(!Progressing|Pending|Pausing)",
    Progressing: "ChildResourcesHealthy=False or ChildResourcesHealthy=Unknown",
    Healthy: ".status.phase=Deployed",
    message: ".status.message",
  },
];
