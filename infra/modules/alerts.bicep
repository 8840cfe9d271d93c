// Sends a mail when something needs a person. The queries search for texts that the function app logs. A test compares the texts with the
// code. While the app exports its own telemetry, the host exports nothing of category Function.*, so no query may rely on such records.

param location string
param tags object
param token string

param workspaceId string
param eventTopicName string
param email string

var rules = [
  {
    name: 'failed-orchestration'
    severity: 1
    title: 'A workflow failed'
    description: 'An orchestration failed, so its dataset, training or batch has no result. The record contains its id and the reason.'
    // The log record is written by functions/Orchestrators/PipelineOrchestrators.cs. The request is written by the Durable extension, also
    // when the app could not run the orchestration at all. The host may sample requests. A terminated orchestration is a failed request too.
    query: '''
union
  (AppTraces | where SeverityLevel >= 3 and Message startswith "Workflow " and Message has "failed"),
  (AppRequests | where Success == false and Name startswith "orchestration:" and tostring(Properties["durabletask.task.status"]) != "Terminated")
'''
  }
  {
    name: 'stalled-training'
    severity: 2
    title: 'A training stalled'
    description: 'A trainer sent no heartbeat and is restarted from its checkpoint. Repeated restarts mean a defect or a lack of GPUs.'
    // Written by shared/Workflows/TrainModel.cs.
    query: '''
AppTraces
| where Message startswith "Trainer of " and Message has "is gone"
'''
  }
  {
    name: 'poison-blob'
    severity: 1
    title: 'A dropped blob could not be handled'
    description: 'A blob failed five tries. BlobPoisoned recorded it.'
    // Written by the function BlobPoisoned.
    query: '''
AppTraces
| where SeverityLevel >= 3 and Message startswith "Blob " and Message has "could not be handled"
'''
  }
]

resource mail 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: 'ag-${token}'
  location: 'Global'
  tags: tags
  properties: {
    enabled: true
    groupShortName: 'keypoints'
    emailReceivers: [{ name: 'owner', emailAddress: email, useCommonAlertSchema: true }]
  }
}

resource logAlert 'Microsoft.Insights/scheduledQueryRules@2026-03-01' = [
  for rule in rules: {
    name: '${rule.name}-${token}'
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: rule.title
      description: rule.description
      enabled: true
      severity: rule.severity
      scopes: [workspaceId]
      // The window is longer than the step because records can arrive late. A rule that fired does not fire again before it was quiet.
      evaluationFrequency: 'PT15M'
      windowSize: 'PT30M'
      criteria: {
        allOf: [
          { query: rule.query, timeAggregation: 'Count', operator: 'GreaterThan', threshold: 0 }
        ]
      }
      autoMitigate: true
      actions: { actionGroups: [mail.id] }
    }
  }
]

resource topic 'Microsoft.EventGrid/systemTopics@2025-02-15' existing = {
  name: eventTopicName
}

// No log shows an event that could not be delivered, so a metric alert watches for it.
resource deadLetters 'Microsoft.Insights/metricAlerts@2026-01-01' = {
  name: 'lost-event-${token}'
  location: 'global'
  tags: tags
  properties: {
    description: 'Event Grid could not deliver an event: a blob was dropped and no workflow started. The event is in container deadletters.'
    enabled: true
    severity: 1
    scopes: [topic.id]
    evaluationFrequency: 'PT15M'
    windowSize: 'PT15M'
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          name: 'dead-lettered'
          criterionType: 'StaticThresholdCriterion'
          metricNamespace: 'Microsoft.EventGrid/systemTopics'
          metricName: 'DeadLetteredCount'
          timeAggregation: 'Total'
          operator: 'GreaterThan'
          threshold: 0
        }
      ]
    }
    autoMitigate: true
    actions: [{ actionGroupId: mail.id }]
  }
}
