/** The conditions that an Ansible operator writes, whatever the kind. */
export const ansible = {
  Degraded: "Failure=True",
  Progressing: "Running=True(Running)",
  Healthy: "Successful=True or Running=True(Successful)",
};
