// Mails when something needs a person. The queries look for what the code and Durable Functions log: a log record's text is either
// the filled-in message or its template, depending on the exporter, and the conditions hold for both.

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
    description: 'An orchestration ended as failed: a dataset, training or batch that nobody gets a result of. Its id and the reason are in the log record.'
    // Written by the Durable extension (EndToEndTraceHelper.FunctionFailed), for every backend.
    query: '''
AppTraces
| where Message has "failed with an error"
| where Message has "(Orchestrator)" or tostring(Properties.functionType) == "Orchestrator" or tostring(Properties.prop__functionType) == "Orchestrator"
'''
  }
  {
    name: 'stalled-training'
    severity: 2
    title: 'A training stalled'
    description: 'A trainer showed no sign of life and is started again from its checkpoint. Once is an annoyance; again and again is a defect or a lack of GPUs.'
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
    description: 'A blob was tried five times and given up; BlobPoisoned recorded it.'
    // Written by the function BlobPoisoned.
    query: '''
AppTraces
| where SeverityLevel >= 3
| where Message startswith "Blob " and Message has "could not be handled"
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
      // The window is longer than the step, for records that arrive late; a rule that has fired fires again only once it was quiet.
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

// An event that could not be delivered is a dropped blob that no log tells of.
resource deadLetters 'Microsoft.Insights/metricAlerts@2026-01-01' = {
  name: 'lost-event-${token}'
  location: 'global'
  tags: tags
  properties: {
    description: 'Event Grid gave up delivering an event: a blob was dropped and no workflow started. The event lies in container deadletters.'
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
